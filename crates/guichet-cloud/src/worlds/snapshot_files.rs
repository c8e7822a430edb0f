//! Snapshots as files of a directory: each a document, named as the snapshot. A file is written beside
//! its place, made durable, and then put there, so whoever looks finds the one before or the whole one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use guichet_core::limits;
use guichet_core::time::Timestamp;

use super::error::WorldError;
use super::snapshot_table::SnapshotName;

/// How the names of files end.
const ENDING: &str = "json";

/// The directory of a world's snapshots.
#[derive(Debug, Clone, Copy)]
pub(super) struct Files<'a>(pub(super) &'a Path);

/// A file that is there.
pub(super) struct Found {
    pub(super) name: SnapshotName,
    pub(super) path: PathBuf,
}

impl Files<'_> {
    fn path(self, name: &SnapshotName) -> PathBuf {
        self.0.join(format!("{name}.{ENDING}"))
    }

    /// Writes a snapshot. One that is there and is not known to the world could not be read, and is
    /// somebody's.
    ///
    /// # Errors
    /// [`WorldError::SnapshotInTheWay`], [`WorldError::SnapshotUnwritten`]: what was there is there.
    pub(super) fn write(
        self,
        name: &SnapshotName,
        document: &str,
        replaces: bool,
    ) -> Result<(), WorldError> {
        let path = self.path(name);
        // Also a link that leads nowhere.
        if !replaces && path.symlink_metadata().is_ok() {
            return Err(WorldError::SnapshotInTheWay { file: path.display().to_string() });
        }
        self.written(&path, document).map_err(|error| WorldError::SnapshotUnwritten {
            file: path.display().to_string(),
            error,
        })
    }

    fn written(self, path: &Path, document: &str) -> io::Result<()> {
        fs::create_dir_all(self.0)?;
        let beside = path.with_extension("tmp");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        // Digests of secrets may be in it.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        let put = file.write_all(document.as_bytes()).and_then(|()| file.sync_all());
        if let Err(error) = put.and_then(|()| fs::rename(&beside, path)) {
            // It is of no use to anybody; that it cannot be removed is the lesser trouble.
            let _ = fs::remove_file(&beside);
            return Err(error);
        }
        self.sync()
    }

    /// Makes the names in the directory durable.
    fn sync(self) -> io::Result<()> {
        if cfg!(unix) { File::open(self.0)?.sync_all() } else { Ok(()) }
    }

    /// Removes a snapshot.
    ///
    /// # Errors
    /// [`WorldError::SnapshotUnwritten`]: it is there.
    pub(super) fn remove(self, name: &SnapshotName) -> Result<(), WorldError> {
        let path = self.path(name);
        let removed = match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other.and_then(|()| self.sync()),
        };
        removed.map_err(|error| WorldError::SnapshotUnwritten {
            file: path.display().to_string(),
            error,
        })
    }

    /// All that are there, by name, also those that cannot be read; what has no name of one is left
    /// alone. If the directory can be read in part only, what was found is there beside the error.
    pub(super) fn all(self) -> (Vec<Found>, io::Result<()>) {
        let mut found = Vec::new();
        let listed = self.list(&mut found);
        found.sort_by(|one, other| one.name.cmp(&other.name));
        (found, listed)
    }

    fn list(self, found: &mut Vec<Found>) -> io::Result<()> {
        let entries = match fs::read_dir(self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            let name = path.file_stem().and_then(|stem| SnapshotName::new(stem.to_str()?).ok());
            let Some(name) = name.filter(|_| path.extension().is_some_and(|it| it == ENDING))
            else {
                continue;
            };
            found.push(Found { name, path });
        }
        Ok(())
    }
}

impl Found {
    /// The text of it, and when it was written.
    pub(super) fn read(&self) -> io::Result<(Vec<u8>, Timestamp)> {
        let about = fs::metadata(&self.path)?;
        // Whoever opens a pipe waits for its other end.
        if !about.is_file() {
            return Err(io::Error::other("no regular file"));
        }
        let since = about.modified()?.duration_since(UNIX_EPOCH);
        let micros = since.map_or(0, |since| since.as_micros());
        let written = Timestamp::from_micros(u64::try_from(micros).unwrap_or(0));
        let most = limits::SNAPSHOT_DOCUMENT_MAX;
        let mut text = Vec::new();
        File::open(&self.path)?.take(most as u64 + 1).read_to_end(&mut text)?;
        if text.len() > most {
            return Err(io::Error::other(format!("larger than {most} bytes")));
        }
        Ok((text, written))
    }
}
