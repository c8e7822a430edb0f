//! Files that are written whole: under another name first, which then takes the place of what was
//! there. Nobody sees half of one, and a link is replaced, never followed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::unistd::geteuid;

/// Permission to read and write for the owner alone: passwords are in it.
pub(crate) const PRIVATE: u32 = 0o600;
/// Permission to read for everybody, as far as the process's mask allows it.
pub(crate) const PUBLIC: u32 = 0o666;

/// Writes a file in place of what was there.
///
/// # Errors
/// The system's; or others may change what is in the file's directory. What was there is still there.
pub(crate) fn replace(path: &Path, text: &[u8], mode: u32) -> io::Result<()> {
    if is_device(path) {
        return OpenOptions::new().write(true).open(path)?.write_all(text);
    }
    if mode == PRIVATE {
        check_directory(path)?;
    }
    let draft = draft(path)?;
    let written = write_new(&draft, text, mode).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // It is of no use to anybody.
        let _ = fs::remove_file(&draft);
    }
    written
}

/// Whether a file could be written here: tried before a long run, which it would be a pity to lose.
///
/// # Errors
/// The system's.
pub(crate) fn check_writable(path: &Path) -> io::Result<()> {
    if is_device(path) {
        return OpenOptions::new().write(true).open(path).map(drop);
    }
    if path.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    let draft = draft(path)?;
    write_new(&draft, b"", PUBLIC)?;
    fs::remove_file(&draft)
}

/// Whether it is a pipe or a terminal, as `/dev/stdout` may be: such a thing is written to as it is.
fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// The name beside a file that it is written under first.
fn draft(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::IsADirectory))?;
    let mut draft = std::ffi::OsString::from(".");
    draft.push(name);
    draft.push(format!(".{}.part", std::process::id()));
    Ok(path.with_file_name(draft))
}

fn write_new(path: &Path, text: &[u8], mode: u32) -> io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(text)?;
    file.sync_all()
}

/// Refuses a directory in which others could put a file of theirs in place of a secret. In one
/// with the sticky bit, such as `/tmp`, they cannot.
fn check_directory(path: &Path) -> io::Result<()> {
    const OTHERS_WRITE: u32 = 0o022;
    const STICKY: u32 = 0o1000;
    let dir = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    let found = fs::metadata(dir)?;
    let is_ours = found.uid() == geteuid().as_raw() || found.uid() == 0;
    if is_ours && (found.mode() & OTHERS_WRITE == 0 || found.mode() & STICKY != 0) {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        "others may change what is in its directory, and passwords are in it: name a file in a \
         directory of your own",
    ))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn a_secret_is_its_owners_alone_whatever_was_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("clouds.yaml");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let mut reader = File::open(&path).unwrap();
        replace(&path, b"secret", PRIVATE).unwrap();
        assert_eq!((mode(&path), fs::read_to_string(&path).unwrap()), (0o600, "secret".to_owned()));
        // Who had the old file open does not read the new one.
        let mut text = String::new();
        io::Read::read_to_string(&mut reader, &mut text).unwrap();
        assert_eq!(text, "old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_link_is_replaced_and_what_it_points_at_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let (victim, link) = (dir.path().join("victim"), dir.path().join("link"));
        fs::write(&victim, "precious").unwrap();
        symlink(&victim, &link).unwrap();
        for mode in [PRIVATE, PUBLIC] {
            replace(&link, b"text", mode).unwrap();
            assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
            assert!(fs::symlink_metadata(&link).unwrap().is_file());
        }
    }

    #[test]
    fn no_secret_is_put_where_others_may_change_it() {
        let dir = tempfile::tempdir().unwrap();
        let open = dir.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
        let path = open.join("clouds.yaml");
        assert_eq!(
            replace(&path, b"x", PRIVATE).unwrap_err().kind(),
            io::ErrorKind::PermissionDenied
        );
        replace(&path, b"x", PUBLIC).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o1777)).unwrap();
        replace(&path, b"x", PRIVATE).unwrap();
    }

    #[test]
    fn what_cannot_be_written_is_found_out_before() {
        let dir = tempfile::tempdir().unwrap();
        assert!(check_writable(&dir.path().join("none").join("a.html")).is_err());
        assert!(check_writable(dir.path()).is_err());
        let path = dir.path().join("a.html");
        check_writable(&path).unwrap();
        assert!(!path.exists(), "nothing is made by it");
        check_writable(Path::new("/dev/null")).unwrap();
        replace(Path::new("/dev/null"), b"x", PUBLIC).unwrap();
    }
}
