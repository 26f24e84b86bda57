//! Places for files outside the database: folders of this machine and buckets that speak S3. Which place serves what is said by
//! settings; who may reach a bucket, by environment variables that no setting shows.

use object_store::{
    BackoffConfig, ObjectStore, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem, path::Path,
    prefix::PrefixStore,
};
use rollcall_shared::schedule::{DestinationKind, ExportDestination};
use std::{collections::BTreeMap, fmt, path::PathBuf, str::FromStr, sync::Arc, time::Duration};

/// What the text of a bucket begins with.
const SCHEME: &str = "s3://";
/// The longest name of a destination.
const NAME_MAX: usize = 32;
/// How often a request to a bucket is tried again, and for how long in all.
const RETRIES: usize = 4;
const PATIENCE: Duration = Duration::from_secs(60);

/// Where files can lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder of this machine, which must be there.
    Folder(PathBuf),
    /// A bucket, below a prefix.
    Bucket {
        /// Its name.
        name: String,
        /// The prefix; empty for none.
        prefix: String,
    },
}

/// The text names no place, or no destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPlace {
    /// It names no place.
    #[error("name a folder, or a bucket as s3://BUCKET or s3://BUCKET/PREFIX")]
    Place,
    /// It names no destination.
    #[error(
        "write NAME=FOLDER or NAME=s3://BUCKET/PREFIX, the name of 1 to 32 letters a to z, digits and hyphens"
    )]
    Destination,
}

impl FromStr for Place {
    type Err = InvalidPlace;

    fn from_str(text: &str) -> Result<Self, InvalidPlace> {
        let Some(rest) = text.strip_prefix(SCHEME) else {
            let is_folder = !text.is_empty() && !text.contains("://");
            return if is_folder { Ok(Self::Folder(text.into())) } else { Err(InvalidPlace::Place) };
        };
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let prefix = prefix.trim_end_matches('/');
        if name.is_empty() || !name.chars().all(is_name) || Path::parse(prefix).is_err() {
            return Err(InvalidPlace::Place);
        }
        Ok(Self::Bucket { name: name.to_owned(), prefix: prefix.to_owned() })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Bucket { name, prefix } if prefix.is_empty() => write!(f, "{SCHEME}{name}"),
            Self::Bucket { name, prefix } => write!(f, "{SCHEME}{name}/{prefix}"),
        }
    }
}

impl Place {
    /// The files there. A bucket is not asked yet.
    ///
    /// # Errors
    /// The folder is not there, or nothing says how the bucket is reached.
    pub fn open(&self, s3: &S3) -> object_store::Result<Arc<dyn ObjectStore>> {
        match self {
            Self::Folder(folder) => Ok(Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))),
            Self::Bucket { name, prefix } => {
                let bucket = s3.0.clone().with_bucket_name(name).build()?;
                if prefix.is_empty() {
                    return Ok(Arc::new(bucket));
                }
                Ok(Arc::new(PrefixStore::new(bucket, Path::parse(prefix)?)))
            }
        }
    }
}

/// How buckets are reached: endpoint, region and credentials. It is never shown.
#[derive(Clone)]
pub struct S3(AmazonS3Builder);

impl S3 {
    /// As the environment variables say that other programs for S3 read too: `AWS_ENDPOINT_URL`, `AWS_REGION`,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and more.
    pub fn from_env() -> Self {
        Self::new(AmazonS3Builder::from_env())
    }

    /// As a builder says that lacks the bucket.
    pub fn new(builder: AmazonS3Builder) -> Self {
        // Fails only if there is one already, which is as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let backoff = BackoffConfig::default();
        Self(builder.with_retry(RetryConfig { backoff, max_retries: RETRIES, retry_timeout: PATIENCE }))
    }
}

impl fmt::Debug for S3 {
    /// Without what is in it: the builder would write out the secret key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("S3")
    }
}

/// A destination of exports, as a setting says it: `NAME=PLACE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// By what name schedules mean it.
    pub name: String,
    /// Where it is.
    pub place: Place,
}

impl FromStr for Destination {
    type Err = InvalidPlace;

    fn from_str(text: &str) -> Result<Self, InvalidPlace> {
        let (name, place) = text.split_once('=').ok_or(InvalidPlace::Destination)?;
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=NAME_MAX).contains(&name.len()) || !name.bytes().all(is_name) {
            return Err(InvalidPlace::Destination);
        }
        Ok(Self { name: name.to_owned(), place: place.parse()? })
    }
}

/// The destinations that the administrator of the server named. Nobody can write anywhere else.
#[derive(Clone, Debug)]
pub struct Destinations {
    places: BTreeMap<String, Place>,
    s3: S3,
}

impl Destinations {
    /// These; of two with the same name the last one counts.
    pub fn new(all: impl IntoIterator<Item = Destination>, s3: S3) -> Self {
        Self { places: all.into_iter().map(|one| (one.name, one.place)).collect(), s3 }
    }

    /// Whether there is one of this name.
    pub fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// All of them as operators see them, by name: where they are is the administrator's business.
    pub fn shown(&self) -> Vec<ExportDestination> {
        let kind = |place: &Place| match place {
            Place::Folder(_) => DestinationKind::Folder,
            Place::Bucket { .. } => DestinationKind::Bucket,
        };
        let shown =
            |(name, place): (&String, &Place)| ExportDestination { name: name.clone(), kind: kind(place) };
        self.places.iter().map(shown).collect()
    }

    /// The files of one; none if there is none of this name.
    ///
    /// # Errors
    /// Its folder is not there, or nothing says how its bucket is reached.
    pub fn open(&self, name: &str) -> Option<object_store::Result<Arc<dyn ObjectStore>>> {
        Some(self.places.get(name)?.open(&self.s3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        for text in ["/srv/exports", "exports", "s3://bucket", "s3://my.bucket-1/a/b"] {
            assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
        }
        assert_eq!("s3://bucket/a/".parse::<Place>().unwrap().to_string(), "s3://bucket/a");
        for text in ["", "s3://", "s3:///a", "s3://a b/c", "s3://a/../b", "gs://bucket", "https://x/y"] {
            assert_eq!(text.parse::<Place>(), Err(InvalidPlace::Place), "{text}");
        }
    }

    #[test]
    fn a_destination_has_a_name() {
        let destination: Destination = "nightly=/mnt/a=b".parse().unwrap();
        assert_eq!(
            (destination.name.as_str(), destination.place.to_string().as_str()),
            ("nightly", "/mnt/a=b")
        );
        for text in ["/mnt/backup", "=x", "Nightly=/x", "a b=/x", &format!("{}=/x", "n".repeat(33))] {
            assert_eq!(text.parse::<Destination>(), Err(InvalidPlace::Destination), "{text}");
        }
        assert_eq!("a=s3://".parse::<Destination>(), Err(InvalidPlace::Place));
    }

    #[test]
    fn secrets_are_never_shown() {
        let s3 = S3::new(AmazonS3Builder::new().with_secret_access_key("very secret"));
        let shown = format!("{:?}", Destinations::new(["a=s3://b".parse().unwrap()], s3));
        assert!(!shown.contains("secret"), "{shown}");
    }
}
