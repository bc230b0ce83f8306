//! What the last checkup saw, what was accepted, and how the config looked: kept between checkups.

use super::{Evidence, policy::Imprint};
use crate::checkup::access::Database;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What was seen at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Seen {
    /// When, in seconds since 1970.
    pub at: i64,
    /// The addresses in the log.
    pub addresses: BTreeSet<String>,
    /// The ids of the approved devices.
    pub devices: BTreeSet<String>,
    /// The approved senders, as in `telegram/default/4444`.
    pub senders: BTreeSet<String>,
}

/// What is known of one installation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Known {
    /// What the last checkup saw.
    pub last: Option<Seen>,
    /// What the administrator accepted.
    pub accepted: Option<Seen>,
    /// How the config looked when it was last written by us, or accepted.
    pub imprint: Option<Imprint>,
}

impl Seen {
    /// Is what the facts show; addresses and devices that were seen before stay, for logs are pruned.
    pub fn of(evidence: &Evidence, before: Option<&Seen>) -> Self {
        let mut seen = before.cloned().unwrap_or_default();
        seen.at = evidence.now;
        seen.addresses.extend(evidence.log.review.addresses.keys().map(ToString::to_string));
        if let Database::Read(approved) = &evidence.access.database {
            seen.devices = approved.devices.iter().map(|device| device.id.clone()).collect();
            seen.senders = approved.senders.iter().map(|sender| sender.key()).collect();
        }
        seen
    }
}

impl Known {
    /// Whether something that happened then was accepted since.
    pub fn is_over(&self, at: i64) -> bool {
        self.accepted.as_ref().is_some_and(|accepted| at <= accepted.at)
    }

    /// Is what is known after a checkup.
    pub fn after(mut self, evidence: &Evidence, accept: bool) -> Self {
        self.last = Some(Seen::of(evidence, self.last.as_ref()));
        if accept {
            self.accepted = Some(Seen::of(evidence, self.accepted.as_ref()));
        }
        if accept || self.imprint.is_none() {
            self.imprint = evidence.policy.imprint.clone();
        }
        self
    }
}

/// What is known, by config.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    configs: BTreeMap<String, Known>,
}

impl Book {
    /// Reads a book that was written before.
    ///
    /// # Errors
    /// Where it is not one; the reason is the parser's.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    }

    /// Is the book as a file.
    ///
    /// # Errors
    /// Where a name in it is not Unicode; the reason is the writer's.
    pub fn bytes(&self) -> Result<Vec<u8>, String> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|error| error.to_string())?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Is what is known of a config's installation.
    pub fn of(&self, config: &Path) -> Known {
        self.configs.get(&config.display().to_string()).cloned().unwrap_or_default()
    }

    /// Puts down what is known of a config's installation.
    pub fn put(&mut self, config: &Path, known: Known) {
        self.configs.insert(config.display().to_string(), known);
    }
}
