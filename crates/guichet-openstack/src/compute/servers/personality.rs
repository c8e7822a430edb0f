//! Files that a create or a rebuild names to be put into servers, below 2.57. They are checked as Nova checks
//! them, and put nowhere: no machine here has a disk to put them on.

use guichet_cloud::servers::values;
use guichet_core::limits;
use http::StatusCode;

use crate::http::problem::Problem;
use crate::http::read::Object;

/// Whether they are what they may be. (Compute API, "Create Server", `personality`.)
pub(in crate::compute) fn check(server: &Object<'_>) -> Result<(), Problem> {
    let files = server.list("personality", usize::MAX)?.unwrap_or_default();
    let mut contents = Vec::new();
    for file in files {
        let file = Object::of(file, "personality")?;
        file.known(&["path", "contents"])?;
        let path = file.text("path", 0, usize::MAX)?.unwrap_or_default();
        let content = file.text("contents", 0, usize::MAX)?.unwrap_or_default();
        let bytes =
            values::base64(content).map_err(|_| file.wrong("contents", "It is not base64."))?;
        contents.push((path.len(), bytes.len()));
    }
    if contents.len() > limits::PERSONALITY_MAX {
        return Err(over("Personality file limit exceeded"));
    }
    for (path, content) in contents {
        if path > limits::PERSONALITY_PATH_MAX {
            return Err(over("Personality file path exceeds maximum 255"));
        }
        if content > limits::PERSONALITY_BYTES_MAX {
            return Err(over("Personality file content exceeds maximum 10240"));
        }
    }
    Ok(())
}

/// 403 in Nova's words.
fn over(message: &'static str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, message)
}
