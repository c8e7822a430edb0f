//! Sums over the hosts of all cells.

use guichet_http::cells::Pages;
use http::{StatusCode, Uri};
use serde_json::{Value, json};

/// What each cell has, added up field by field.
#[derive(Debug)]
pub(super) struct Sums {
    uri: Uri,
    /// What the sums are called in their body.
    key: &'static str,
    body: Option<Value>,
}

impl Sums {
    pub(super) fn new(uri: &Uri, key: &'static str) -> Self {
        Self { uri: uri.clone(), key, body: None }
    }
}

impl Pages for Sums {
    fn next(&self) -> Uri {
        self.uri.clone()
    }

    fn begins_elsewhere(&self, _: StatusCode) -> bool {
        false
    }

    fn take(&mut self, body: &[u8]) -> bool {
        let Ok(new) = serde_json::from_slice::<Value>(body) else { return false };
        let Some(sums) = &mut self.body else {
            self.body = Some(new);
            return true;
        };
        let (Some(sums), Some(new)) = (sums[self.key].as_object_mut(), new[self.key].as_object())
        else {
            return false;
        };
        for (name, sum) in sums {
            if let (Some(all), Some(more)) = (sum.as_u64(), new.get(name).and_then(Value::as_u64)) {
                *sum = json!(all.saturating_add(more));
            }
        }
        true
    }

    fn body(&self) -> Vec<u8> {
        serde_json::to_vec(self.body.as_ref().unwrap_or(&Value::Null)).unwrap_or_default()
    }
}
