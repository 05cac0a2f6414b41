//! Floating-point arithmetic as Go's `math` does it, bit for bit.

/// Rounds as sprig does: up if the signed fraction reaches `on`, else down.
pub(super) fn round(number: f64, places: i64, on: f64) -> f64 {
    let power = power_of_ten(places);
    let digits = power * number;
    let whole = if digits.fract() >= on { digits.ceil() } else { digits.floor() };
    whole / power
}

/// Returns the larger number; Go's answer for zeros and NaN.
pub(super) fn max(left: f64, right: f64) -> f64 {
    if left == f64::INFINITY || right == f64::INFINITY {
        f64::INFINITY
    } else if left.is_nan() || right.is_nan() {
        f64::NAN
    } else if left == 0.0 && right == 0.0 {
        if left.is_sign_negative() { right } else { left }
    } else {
        left.max(right)
    }
}

/// Returns the smaller number; Go's answer for zeros and NaN.
pub(super) fn min(left: f64, right: f64) -> f64 {
    -max(-left, -right)
}

/// Returns ten to a power, by the squarings that Go does: large powers differ in the last bit.
fn power_of_ten(exponent: i64) -> f64 {
    let (mut mantissa, mut binary) = (1.0_f64, 0_i64);
    let (mut square, mut square_binary) = (0.625_f64, 4_i64);
    let mut rest = exponent.unsigned_abs();
    while rest != 0 {
        if square_binary.abs() > 1 << 12 {
            binary += square_binary;
            break;
        }
        if rest & 1 == 1 {
            mantissa *= square;
            binary += square_binary;
        }
        square *= square;
        square_binary <<= 1;
        if square < 0.5 {
            square += square;
            square_binary -= 1;
        }
        rest >>= 1;
    }
    if exponent < 0 {
        mantissa = 1.0 / mantissa;
        binary = -binary;
    }
    scale(mantissa, i32::try_from(binary.clamp(-20_000, 20_000)).expect("it was clamped"))
}

/// Multiplies by a power of two.
pub(super) fn scale(number: f64, exponent: i32) -> f64 {
    let (mut number, mut exponent) = (number, exponent);
    while exponent > 500 {
        number *= 2.0_f64.powi(500);
        exponent -= 500;
    }
    while exponent < -500 {
        number *= 2.0_f64.powi(-500);
        exponent += 500;
    }
    number * 2.0_f64.powi(exponent)
}
