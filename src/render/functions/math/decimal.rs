//! Decimal numbers as shopspring/decimal 1.4.0 computes with them.

use num_bigint::BigInt;

/// A number: `value` times ten to the power of `exponent`.
#[derive(Debug, Clone)]
pub(super) struct Decimal {
    value: BigInt,
    exponent: i64,
}

/// How many places a division keeps.
const PLACES: i64 = 16;

impl Decimal {
    /// Returns zero.
    pub(super) fn zero() -> Self {
        Self { value: BigInt::ZERO, exponent: 0 }
    }

    /// Reads the shortest digits of a float.
    ///
    /// # Errors
    /// In the library's words, for what is not finite.
    pub(super) fn from_float(number: f64) -> Result<Self, String> {
        if !number.is_finite() {
            let shown = crate::render::value::print::float(number);
            return Err(format!("Cannot create a Decimal from {shown}"));
        }
        let digits = format!("{number:e}");
        let (mantissa, exponent) = digits.split_once('e').expect("{:e} writes an exponent");
        let exponent: i64 = exponent.parse().expect("{:e} writes a decimal exponent");
        let places = mantissa.split_once('.').map_or(0, |(_, places)| places.len());
        let value = mantissa.replace('.', "").parse().expect("{:e} writes digits");
        Ok(Self { value, exponent: exponent - places as i64 })
    }

    /// Returns the nearest float.
    pub(super) fn to_float(&self) -> f64 {
        format!("{}e{}", self.value, self.exponent).parse().expect("it is a number")
    }

    /// Adds.
    pub(super) fn add(self, other: Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        Self { value: self.at(exponent) + other.at(exponent), exponent }
    }

    /// Subtracts.
    pub(super) fn sub(self, other: Self) -> Self {
        self.add(Self { value: -other.value, exponent: other.exponent })
    }

    /// Multiplies.
    pub(super) fn mul(&self, other: &Self) -> Self {
        Self { value: &self.value * &other.value, exponent: self.exponent + other.exponent }
    }

    /// Divides, and rounds half away from zero.
    ///
    /// # Errors
    /// In the library's words, for a division by zero.
    pub(super) fn div(self, other: Self) -> Result<Self, String> {
        if other.value == BigInt::ZERO {
            return Err("decimal division by 0".into());
        }
        let exponent = (self.exponent + PLACES).min(other.exponent);
        let dividend = Self { value: self.value, exponent: self.exponent + PLACES }.at(exponent);
        let divisor = other.at(exponent);
        let negative = (dividend < BigInt::ZERO) != (divisor < BigInt::ZERO);
        let (dividend, divisor) = (dividend.magnitude(), divisor.magnitude());
        let rounded = BigInt::from((dividend * 2_u8 + divisor) / (divisor * 2_u8));
        Ok(Self { value: if negative { -rounded } else { rounded }, exponent: -PLACES })
    }

    /// Returns the value for another, lower exponent.
    fn at(self, exponent: i64) -> BigInt {
        let zeros = u32::try_from(self.exponent - exponent).expect("it is lower");
        self.value * BigInt::from(10).pow(zeros)
    }
}
