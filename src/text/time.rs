//! Times as texts: ISO 8601 in UTC, counted in seconds since 1970.

/// Is a time as year, month, day, hour, minute and second in UTC.
///
/// Counts in years that begin in March, so the leap day is the last of its year.
pub fn civil(time: i64) -> [i64; 6] {
    let (days, second) = (time.div_euclid(86_400), time.rem_euclid(86_400));
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    [year, month, day, second / 3_600, second / 60 % 60, second % 60]
}

/// Is the number of days from 1970-01-01 to a date.
pub fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let march_month = (month + 9) % 12;
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Is a time as in `2026-11-22 16:52 UTC`.
pub fn to_the_minute(time: i64) -> String {
    let [year, month, day, hour, minute, _] = civil(time);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} UTC")
}

/// Is a time as in `2026-11-22T16:52:06Z`.
pub fn to_iso(time: i64) -> String {
    let [year, month, day, hour, minute, second] = civil(time);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Reads an ISO time as in `2026-11-22T07:03:53.790+00:00` or with `Z`, to the second; none where it is not one.
pub fn parse_iso(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| -> Option<i64> {
        let digits = text.get(range)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if marks.iter().any(|(at, mark)| text.as_bytes().get(*at) != Some(mark)) {
        return None;
    }
    let (month, day, hour) = (number(5..7)?, number(8..10)?, number(11..13)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 {
        return None;
    }
    let days = days_before(number(0..4)?, month, day);
    let local = ((days * 24 + hour) * 60 + number(14..16)?) * 60 + number(17..19)?;
    let zone = text.get(19..)?.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let offset = match zone.as_bytes() {
        b"Z" => 0,
        [sign @ (b'+' | b'-'), rest @ ..] if rest.len() == 5 && rest[2] == b':' => {
            let at = text.len() - 5;
            let minutes = number(at..at + 2)? * 60 + number(at + 3..at + 5)?;
            if *sign == b'+' { minutes } else { -minutes }
        }
        _ => return None,
    };
    Some(local - offset * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iso_time_is_read_with_its_offset() {
        let zulu = parse_iso("2026-11-22T07:03:53.790Z");
        assert_eq!(zulu, Some(1_795_331_033));
        assert_eq!(parse_iso("2026-11-22T16:03:53.790+09:00"), zulu);
        assert_eq!(parse_iso("2026-11-22T05:33:53-01:30"), zulu);
        assert_eq!(to_the_minute(1_795_331_033), "2026-11-22 07:03 UTC");
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "2026-11-22",
            "2026-11-22T07:03:53",
            "2026-13-22T07:03:53Z",
            "2026-11-22T07:03:5\u{e9}Z",
            "yesterday at noon or so",
        ] {
            assert_eq!(parse_iso(text), None, "{text}");
        }
    }
}
