//! Where rows stand in a list that scrolls. Browsers end at some ten million pixels, lists do not: what is longer than
//! that is scrolled one to one while someone moves by hand's breadths, and in proportion where the bar is dragged. Near
//! both ends the two are the same. Pure numbers.

use std::ops::Range;

/// The most pixels that the rows take in the page; Firefox ends at 17 million.
const TALLEST: f64 = 8_000_000.0;
/// So near to an end a pixel is a pixel.
const EDGE: f64 = 1_000_000.0;

/// The measures of a list, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometry {
    /// The height of a row.
    pub row: f64,
    /// How many rows there are.
    pub rows: usize,
    /// The height of what is seen of them.
    pub view: f64,
}

impl Geometry {
    /// How high all rows would be.
    #[expect(clippy::cast_precision_loss, reason = "no list has 2^52 rows")]
    pub fn whole(self) -> f64 {
        self.rows as f64 * self.row
    }

    /// How high they are in the page.
    pub fn height(self) -> f64 {
        self.whole().min(TALLEST)
    }

    /// The last place that can be scrolled to, among all rows.
    pub fn last(self) -> f64 {
        (self.whole() - self.view).max(0.0)
    }

    /// Whether pixels of the page stand for more than themselves.
    pub fn is_compressed(self) -> bool {
        self.whole() > TALLEST
    }

    /// Where the page is scrolled to when the rows are at `top`.
    pub fn real(self, top: f64) -> f64 {
        let (last, end) = (self.last(), (self.height() - self.view).max(0.0));
        if !self.is_compressed() || top <= EDGE {
            top
        } else if top >= last - EDGE {
            end - (last - top)
        } else {
            EDGE + (top - EDGE) * (end - 2.0 * EDGE) / (last - 2.0 * EDGE)
        }
    }

    /// Where the rows are when the page is scrolled to `real`: the inverse of [`Self::real`].
    pub fn top(self, real: f64) -> f64 {
        let (last, end) = (self.last(), (self.height() - self.view).max(0.0));
        if !self.is_compressed() || real <= EDGE {
            real
        } else if real >= end - EDGE {
            last - (end - real)
        } else {
            EDGE + (real - EDGE) * (last - 2.0 * EDGE) / (end - 2.0 * EDGE)
        }
    }

    /// The place of a row among all rows.
    #[expect(clippy::cast_precision_loss, reason = "no list has 2^52 rows")]
    pub fn of_row(self, index: usize) -> f64 {
        index as f64 * self.row
    }

    /// The rows that are seen when the rows are at `top`, and `more` on both sides.
    pub fn seen(self, top: f64, more: usize) -> Range<usize> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "negative numbers become 0, and no list has 2^52 rows"
        )]
        let row = |at: f64| (at / self.row) as usize;
        let first = row(top).saturating_sub(more);
        let end = row(top + self.view - 1.0) + 1 + more;
        first.min(self.rows)..end.min(self.rows)
    }

    /// The place at which a row is seen whole, as near to `top` as can be.
    pub fn showing(self, index: usize, top: f64) -> f64 {
        let at = self.of_row(index);
        top.min(at).max(at + self.row - self.view).clamp(0.0, self.last())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Geometry = Geometry { row: 45.0, rows: 10_000_000, view: 600.0 };
    const SHORT: Geometry = Geometry { row: 45.0, rows: 1_000, view: 600.0 };

    #[test]
    fn a_long_list_has_every_place_once() {
        let mut before = -1.0;
        for step in 0..=1_000 {
            let top = LONG.last() * f64::from(step) / 1_000.0;
            let real = LONG.real(top);
            assert!(real > before && real <= LONG.height() - LONG.view + 0.001, "{top} is at {real}");
            assert!((LONG.top(real) - top).abs() < 1.0, "{top} is at {real}, which is {}", LONG.top(real));
            before = real;
        }
        assert_eq!(LONG.real(0.0), 0.0);
        assert!((LONG.real(LONG.last()) - (LONG.height() - LONG.view)).abs() < 0.001);
    }

    #[test]
    fn near_the_ends_and_in_short_lists_a_pixel_is_a_pixel() {
        assert_eq!(LONG.real(999.0), 999.0);
        let end = LONG.real(LONG.last());
        assert!((end - LONG.real(LONG.last() - 999.0) - 999.0).abs() < 0.001);
        assert_eq!((SHORT.real(20_000.0), SHORT.top(20_000.0)), (20_000.0, 20_000.0));
        assert_eq!(SHORT.height(), 45_000.0);
    }

    #[test]
    fn what_is_seen_ends_with_the_list() {
        assert_eq!(SHORT.seen(0.0, 0), 0..14);
        assert_eq!(SHORT.seen(90.0, 1), 1..17);
        assert_eq!(SHORT.seen(SHORT.last(), 5), 981..1_000);
        assert_eq!(Geometry { rows: 0, ..SHORT }.seen(0.0, 5), 0..0);
        assert_eq!(Geometry { rows: 3, ..SHORT }.last(), 0.0);
    }

    #[test]
    fn a_row_comes_into_view_by_the_shortest_way() {
        assert_eq!(SHORT.showing(5, 0.0), 0.0);
        assert_eq!(SHORT.showing(5, 450.0), 225.0);
        assert_eq!(SHORT.showing(20, 0.0), 345.0);
        assert_eq!(SHORT.showing(999, 0.0), SHORT.last());
    }
}
