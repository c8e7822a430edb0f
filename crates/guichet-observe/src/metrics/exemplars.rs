//! Exemplars: behind the count of a bucket, one request that is in it.
//!
//! The library writes those that its own histograms collected, which takes a lock for each request;
//! ours are collected without, and are put into its text.

use guichet_http::answered::Exemplar;

/// The exemplars of a histogram, in the order of the lines of its buckets.
#[derive(Debug)]
pub(super) struct Exemplars {
    /// The name of the histogram.
    pub(super) name: &'static str,
    pub(super) of_lines: Vec<Option<Exemplar>>,
}

/// The text with exemplars at the ends of their lines.
pub(super) fn added(text: &str, exemplars: Vec<Exemplars>) -> String {
    let mut all: Vec<_> = exemplars
        .into_iter()
        .map(|it| (format!("{}_bucket{{", it.name), it.of_lines.into_iter()))
        .collect();
    let mut added = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let found = all.iter_mut().find(|(begin, _)| line.starts_with(begin.as_str()));
        let exemplar = found.and_then(|(_, exemplars)| exemplars.next().flatten());
        let Some(Exemplar { request, took }) = exemplar else {
            added.push_str(line);
            continue;
        };
        added.push_str(line.trim_end_matches('\n'));
        added.push_str(&format!(" # {{request_id=\"{request}\"}} {}\n", took.as_secs_f64()));
    }
    added
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use guichet_core::ids::RequestId;

    use super::*;

    #[test]
    fn each_line_of_a_bucket_has_its_own() {
        let request = RequestId::from_bits(1);
        let exemplar = Exemplar { request, took: Duration::from_millis(2) };
        let exemplars = Exemplars { name: "a", of_lines: vec![None, Some(exemplar)] };
        let text =
            "a_sum 1\na_bucket{le=\"1\"} 2\nb_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 3\n# EOF\n";
        let expected =
            text.replace("+Inf\"} 3", &format!("+Inf\"}} 3 # {{request_id=\"{request}\"}} 0.002"));
        assert_eq!(added(text, vec![exemplars]), expected);
    }
}
