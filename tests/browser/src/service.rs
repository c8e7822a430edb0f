//! A service to look at: the binary, with what one tells it beside the browser.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::made::guichet;

/// A service whose machines take their time, on a free port; ended when this is dropped.
pub(crate) struct Service {
    child: Child,
    /// Held open: nobody's greeting is cut off.
    _out: BufReader<ChildStdout>,
    address: String,
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let mut child = guichet()
            .args(["serve", "--dev", "--listen", "127.0.0.1:0", "--profile", "realistic"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("guichet serve")?;
        let mut out = BufReader::new(child.stdout.take().context("its output is piped")?);
        let mut line = String::new();
        out.read_line(&mut line)?;
        let Some((_, address)) = line.trim().rsplit_once("http://") else {
            let _ = child.kill();
            bail!("guichet serve said {line:?}");
        };
        Ok(Self { child, address: address.to_owned(), _out: out })
    }

    /// The address of one of its pages.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Steers it, as a program beside the browser does.
    pub(crate) fn steer(&self, method: &str, path: &str, body: &str) -> anyhow::Result<()> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let (address, length) = (&self.address, body.len());
        write!(
            stream,
            "{method} /guichet/v1/{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        if !answer.starts_with("HTTP/1.1 2") {
            bail!("{method} {path}: {answer}");
        }
        Ok(())
    }
}
