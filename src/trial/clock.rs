//! A deadline that counts while the machine sleeps, and outlives its restart.

use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment, by the clock on the wall and by the time since the machine started, its sleep included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Seconds since 1970-01-01 UTC.
    pub wall: u64,
    /// Which start of the machine it is, and the milliseconds since; none where the system does not tell.
    pub boot: Option<(String, u64)>,
}

impl Moment {
    /// Is now.
    pub fn now() -> Moment {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Moment { wall, boot: boot() }
    }
}

#[cfg(target_os = "linux")]
fn boot() -> Option<(String, u64)> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    // CLOCK_BOOTTIME goes on through suspend, which CLOCK_MONOTONIC does not, and nobody can set it.
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let millis = u64::try_from(time.tv_sec).ok()? * 1000 + u64::try_from(time.tv_nsec).ok()? / 1_000_000;
    Some((id.trim().to_owned(), millis))
}

#[cfg(not(target_os = "linux"))]
fn boot() -> Option<(String, u64)> {
    None
}

/// Waits, the machine's sleep included, without looking at a clock meanwhile where the system can do that. May end early.
pub fn wait(time: Duration) {
    // Elsewhere sleep does not count, so the clock is looked at each second.
    if !sleep_through(time) {
        std::thread::sleep(time.min(Duration::from_secs(1)));
    }
}

#[cfg(target_os = "linux")]
fn sleep_through(time: Duration) -> bool {
    use rustix::time::{Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec};
    let Ok(timer) = rustix::time::timerfd_create(TimerfdClockId::Boottime, TimerfdFlags::CLOEXEC) else {
        return false;
    };
    let zero = Timespec { tv_sec: 0, tv_nsec: 0 };
    let Ok(once) = Timespec::try_from(time) else {
        return false;
    };
    let set = Itimerspec { it_interval: zero, it_value: once };
    rustix::time::timerfd_settime(&timer, TimerfdTimerFlags::empty(), &set).is_ok()
        && rustix::io::read(&timer, &mut [0; 8]).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn sleep_through(_: Duration) -> bool {
    false
}

/// When a trial ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deadline {
    /// Seconds since 1970-01-01 UTC.
    pub wall: u64,
    boot_id: Option<String>,
    boot_millis: Option<u64>,
}

impl Deadline {
    /// Is the deadline so long after a moment.
    pub fn after(now: &Moment, within: Duration) -> Deadline {
        let millis = u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
        Deadline {
            wall: now.wall.saturating_add(within.as_secs()),
            boot_id: now.boot.as_ref().map(|(id, _)| id.clone()),
            boot_millis: now.boot.as_ref().map(|(_, at)| at.saturating_add(millis)),
        }
    }

    /// Is how long is left, nothing once it is over. The wall's clock counts only after a restart, as it can be set.
    pub fn left(&self, now: &Moment) -> Duration {
        match (&self.boot_id, self.boot_millis, &now.boot) {
            (Some(id), Some(end), Some((now_id, at))) if id == now_id => Duration::from_millis(end.saturating_sub(*at)),
            _ => Duration::from_secs(self.wall.saturating_sub(now.wall)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(wall: u64, id: &str, millis: u64) -> Moment {
        Moment { wall, boot: Some((id.to_owned(), millis)) }
    }

    #[test]
    fn a_clock_that_is_set_changes_nothing_and_sleep_counts() {
        let deadline = Deadline::after(&at(1_000, "a", 5_000), Duration::from_secs(60));
        assert_eq!(deadline.left(&at(0, "a", 35_000)), Duration::from_secs(30));
        assert_eq!(deadline.left(&at(9_999, "a", 64_999)), Duration::from_millis(1));
        assert_eq!(deadline.left(&at(1_000, "a", 900_000)), Duration::ZERO);
    }

    #[test]
    fn waiting_takes_its_time_and_no_more() {
        let since = std::time::Instant::now();
        wait(Duration::from_millis(30));
        assert!(since.elapsed() >= Duration::from_millis(30) && since.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn after_a_restart_the_clock_on_the_wall_counts() {
        let deadline = Deadline::after(&at(1_000, "a", 5_000), Duration::from_secs(60));
        assert_eq!(deadline.left(&at(1_030, "b", 100)), Duration::from_secs(30));
        assert_eq!(deadline.left(&Moment { wall: 2_000, boot: None }), Duration::ZERO);
    }
}
