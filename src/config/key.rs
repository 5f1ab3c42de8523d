//! The sealing key: from the configuration, or from a file that is made at the first start and never overwritten.

use super::database::DatabaseUrl;
use super::{Config, secrets};
use crate::base::seal::SealingKey;
use data_encoding::BASE64;
use rand::RngExt as _;
use secrecy::{ExposeSecret as _, SecretString};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The name of the key's file.
const NAME: &str = "airlog.key";

/// What the file of a key is called that is to take the place of another.
const NEXT: &str = "airlog.key.new";

/// Why there is no sealing key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is there but cannot be read.
    #[error("the sealing key {path} cannot be read: {source}")]
    Unreadable {
        /// The key's file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is there but holds no key. Making another would lose what was sealed.
    #[error(
        "{path} holds no sealing key, which is 32 bytes as base64; put the right one back, or set secrets.key"
    )]
    Malformed {
        /// The key's file.
        path: PathBuf,
    },
    /// The file is not there and cannot be made.
    #[error("the sealing key {path} cannot be made: {source}; create its folder, or set secrets.key")]
    Unwritable {
        /// The key's file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Where the key lives when the configuration holds none: beside the `SQLite` file, or in the working directory.
#[must_use]
pub fn key_file(database: &DatabaseUrl) -> PathBuf {
    database.sqlite_file().unwrap_or_default().with_file_name(NAME)
}

/// The key of this instance: `secrets.key`, or that of the file, which is made (mode 0600) if it is not there.
///
/// # Errors
/// [`KeyError`] when the file holds no key, or cannot be read or made. A file that is there is never overwritten.
pub fn sealing_key(config: &Config) -> Result<SealingKey, KeyError> {
    if let Some(key) = &config.secrets.key {
        return Ok(SealingKey::new(*key.expose_secret()));
    }
    let path = key_file(&config.database.url);
    match read(&path)? {
        Some(key) => Ok(key),
        None => make(&path).map_err(|source| KeyError::Unwritable { path, source }),
    }
}

/// Where the key lives that is to take the place of the one in [`key_file`], as long as it has not.
#[must_use]
pub fn next_key_file(database: &DatabaseUrl) -> PathBuf {
    key_file(database).with_file_name(NEXT)
}

/// The key that is to take the place of another: the one that is there from an earlier try, or a new one (mode 0600).
///
/// # Errors
/// [`KeyError`] when the file holds no key, or cannot be read or made.
pub fn next_key(database: &DatabaseUrl) -> Result<SealingKey, KeyError> {
    let path = next_key_file(database);
    match read(&path)? {
        Some(key) => Ok(key),
        None => make(&path).map_err(|source| KeyError::Unwritable { path, source }),
    }
}

/// The key in a file that somebody names.
///
/// # Errors
/// [`KeyError`] when it holds no key, or cannot be read.
pub fn key_in(path: &Path) -> Result<SealingKey, KeyError> {
    let missing = || io::Error::new(io::ErrorKind::NotFound, "there is no such file");
    read(path)?.ok_or_else(|| KeyError::Unreadable { path: path.to_owned(), source: missing() })
}

/// The key that is written in a text; none if it is no key.
#[must_use]
pub fn key_of(text: &SecretString) -> Option<SealingKey> {
    secrets::decode(text.expose_secret()).map(|key| SealingKey::new(*key.expose_secret()))
}

/// Puts the next key in the place of the one in use, in one step.
///
/// # Errors
/// When the file cannot be renamed.
pub fn promote_next_key(database: &DatabaseUrl) -> io::Result<()> {
    let path = key_file(database);
    std::fs::rename(next_key_file(database), &path)?;
    // The name is to be there after a power cut, too.
    std::fs::File::open(folder(&path))?.sync_all()
}

/// The key in the file; nothing if there is no file.
fn read(path: &Path) -> Result<Option<SealingKey>, KeyError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => SecretString::from(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(KeyError::Malformed { path: path.to_owned() });
        }
        Err(source) => return Err(KeyError::Unreadable { path: path.to_owned(), source }),
    };
    let key = secrets::decode(text.expose_secret());
    key.map(|key| Some(SealingKey::new(*key.expose_secret())))
        .ok_or_else(|| KeyError::Malformed { path: path.to_owned() })
}

/// A new key, written to a file of its own (mode 0600) and then given its name in one step: nobody ever sees half
/// a key, and of two programs that start together one fails instead of replacing the other's key.
fn make(path: &Path) -> io::Result<SealingKey> {
    let folder = folder(path);
    let bytes: [u8; 32] = rand::rng().random();
    let mut file = tempfile::Builder::new().prefix(NAME).tempfile_in(folder)?;
    writeln!(file, "{}", BASE64.encode(&bytes))?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    Ok(SealingKey::new(bytes))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretBox;
    use std::fs;

    fn config_in(folder: &Path) -> Config {
        let mut config = Config::default();
        config.database.url = format!("sqlite://{}/airlog.db", folder.display()).parse().expect("a database");
        config
    }

    #[test]
    fn the_key_lives_beside_the_database_file_or_in_the_working_directory() {
        for (url, file) in [
            ("sqlite://airlog.db", "airlog.key"),
            ("sqlite:///var/lib/airlog/a.db?mode=rwc", "/var/lib/airlog/airlog.key"),
            ("sqlite::memory:", "airlog.key"),
            ("postgres://localhost/airlog", "airlog.key"),
        ] {
            let url: DatabaseUrl = url.parse().expect(url);
            assert_eq!(key_file(&url), PathBuf::from(file));
        }
    }

    #[test]
    fn made_once_private_and_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = config_in(folder.path());
        let made = sealing_key(&config).expect("made");
        assert_eq!(sealing_key(&config).expect("read").id(), made.id());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let metadata = fs::metadata(folder.path().join(NAME)).expect("a file");
            assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_file_that_holds_no_key_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(NAME);
        fs::write(&path, "my shopping list").expect("written");
        assert!(matches!(sealing_key(&config_in(folder.path())), Err(KeyError::Malformed { .. })));
        assert_eq!(fs::read_to_string(path).expect("read"), "my shopping list");
    }

    #[test]
    fn of_two_that_start_together_none_replaces_the_others_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(NAME);
        let first = make(&path).expect("made");
        assert_eq!(make(&path).expect_err("taken").kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(read(&path).expect("read").expect("a key").id(), first.id());
    }

    #[test]
    fn a_configured_key_needs_no_file_and_a_missing_folder_is_said() {
        let mut config = config_in(Path::new("/nowhere"));
        let said = sealing_key(&config).expect_err("no folder").to_string();
        assert!(said.starts_with("the sealing key /nowhere/airlog.key cannot be made: "), "{said}");
        config.secrets.key = Some(SecretBox::new(Box::new([7; 32])));
        assert_eq!(sealing_key(&config).expect("given").id(), SealingKey::new([7; 32]).id());
    }
}
