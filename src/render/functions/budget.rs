//! What one release may still use up while it is rendered.

use std::fmt;

use super::{Failure, FunctionError};
use crate::render::limits::{Limits, Timer};

/// How many bytes are read or made in the time of a step.
const BYTES_PER_STEP: u64 = 16;

/// How many steps are taken between two looks at the timer.
const BETWEEN_LOOKS: u64 = 20_000;

/// How many bytes a text's parsed form may take for each of its own.
const BYTES_PER_PARSED: u64 = 16;

/// What one release may still use up while it is rendered.
#[derive(Clone)]
pub struct Budget {
    steps: u64,
    bytes: u64,
    /// The number of steps left at which the timer is looked at next.
    pause: u64,
    limits: Limits,
    timer: Option<Timer>,
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { steps, bytes, limits, .. } = self;
        let mut shown = f.debug_struct("Budget");
        shown.field("steps", steps).field("bytes", bytes).field("limits", limits);
        shown.finish_non_exhaustive()
    }
}

impl Budget {
    /// Builds a budget without a timer.
    #[must_use]
    pub fn new(steps: u64, bytes: u64) -> Self {
        Self::of(Limits { steps, bytes, seconds: 0 }, None)
    }

    /// Builds the budget of a release.
    #[must_use]
    pub fn of(limits: Limits, timer: Option<Timer>) -> Self {
        let Limits { steps, bytes, .. } = limits;
        Self { steps, bytes, pause: steps.saturating_sub(BETWEEN_LOOKS), limits, timer }
    }

    /// Returns how many steps are left.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Returns how many bytes are left.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes steps off before they are taken.
    ///
    /// # Errors
    /// When fewer are left, or the time is over.
    #[inline]
    pub fn take_steps(&mut self, steps: u64) -> Result<(), FunctionError> {
        match self.steps.checked_sub(steps) {
            Some(left) if left > self.pause => {
                self.steps = left;
                Ok(())
            }
            left => self.pause_at(left),
        }
    }

    #[cold]
    fn pause_at(&mut self, left: Option<u64>) -> Result<(), FunctionError> {
        let Limits { steps, .. } = self.limits;
        let Some(left) = left else {
            return Err(limit(format!(
                "the release takes more than {steps} steps to render; raise the bound with \
                 --max-steps"
            )));
        };
        self.steps = left;
        self.pause = left.saturating_sub(BETWEEN_LOOKS);
        self.look()
    }

    /// Looks at the timer.
    ///
    /// # Errors
    /// When the time is over.
    pub fn look(&self) -> Result<(), FunctionError> {
        match &self.timer {
            Some(is_over) if is_over() => Err(limit(format!(
                "the release takes more than {} seconds to render; raise the bound with \
                 --max-seconds",
                self.limits.seconds
            ))),
            _ => Ok(()),
        }
    }

    /// Takes bytes off before they are allocated, and the steps that it takes to write them.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub fn take_bytes(&mut self, bytes: usize) -> Result<(), FunctionError> {
        let Some(left) = self.bytes.checked_sub(bytes as u64) else {
            return Err(self.too_many_bytes());
        };
        self.bytes = left;
        self.read_bytes(bytes)
    }

    /// Takes off the steps that it takes to read bytes.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub fn read_bytes(&mut self, bytes: usize) -> Result<(), FunctionError> {
        match bytes as u64 / BYTES_PER_STEP {
            0 => Ok(()),
            steps => self.take_steps(steps),
        }
    }

    /// Checks the length of a text before it is parsed, and takes off the steps of that.
    ///
    /// # Errors
    /// When its parsed form may be larger than the bound.
    pub fn parse_bytes(&mut self, bytes: usize) -> Result<(), FunctionError> {
        if bytes as u64 > self.limits.bytes / BYTES_PER_PARSED {
            return Err(self.too_many_bytes());
        }
        self.take_steps(bytes as u64)
    }

    /// Checks that bytes could be made, without taking them off.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub fn fits(&self, bytes: u64) -> Result<(), FunctionError> {
        if bytes > self.bytes { Err(self.too_many_bytes()) } else { Ok(()) }
    }

    #[cold]
    fn too_many_bytes(&self) -> FunctionError {
        limit(format!(
            "the release makes more than {} bytes; raise the bound with --max-bytes",
            self.limits.bytes
        ))
    }
}

fn limit(message: String) -> FunctionError {
    FunctionError { message, kind: Failure::Limit }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn each_bound_is_named_where_it_is_met() {
        let said = |done: Result<(), FunctionError>| done.expect_err("it is met").message;
        let limits = Limits { steps: 100_000, bytes: 1600, seconds: 7 };
        let mut budget = Budget::of(limits, None);
        assert_eq!(budget.take_bytes(160), Ok(()));
        assert_eq!((budget.bytes(), budget.steps()), (1440, 99_990));
        assert_eq!(budget.take_steps(99_990), Ok(()));
        assert_eq!(
            said(budget.take_steps(1)),
            "the release takes more than 100000 steps to render; raise the bound with --max-steps"
        );
        let bytes = "the release makes more than 1600 bytes; raise the bound with --max-bytes";
        assert_eq!(said(budget.take_bytes(1441)), bytes);
        assert_eq!(said(Budget::of(limits, None).parse_bytes(101)), bytes);
        let mut budget = Budget::of(limits, Some(Arc::new(|| true)));
        assert_eq!(budget.take_steps(1), Ok(()));
        assert_eq!(
            said(budget.take_steps(30_000)),
            "the release takes more than 7 seconds to render; raise the bound with --max-seconds"
        );
    }
}
