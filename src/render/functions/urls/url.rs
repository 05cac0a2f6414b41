//! URLs taken apart and put together as Go's `net/url` does.

use super::address;
use super::escape::{Part, escape, unescape};
use crate::render::value::quote::quoted;

/// A URL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Url {
    pub(super) scheme: Vec<u8>,
    pub(super) opaque: Vec<u8>,
    pub(super) user: Option<User>,
    pub(super) host: Vec<u8>,
    pub(super) path: Vec<u8>,
    pub(super) query: Vec<u8>,
    pub(super) fragment: Vec<u8>,
}

/// What stands before the `@` of a host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

impl User {
    /// Returns the escaped text.
    pub(super) fn text(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Part::User);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Part::User));
        }
        out
    }
}

/// Splits at the first byte of a kind; the second part is none where there is none.
fn cut(bytes: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match bytes.iter().position(|byte| *byte == at) {
        Some(index) => (&bytes[..index], Some(&bytes[index + 1..])),
        None => (bytes, None),
    }
}

impl Url {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// In Go's words.
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        let failure = |url: &[u8], error: String| {
            format!("parse {}: {error}", quoted(&String::from_utf8_lossy(url)))
        };
        let (plain, fragment) = cut(text, b'#');
        let mut url = Self::parse_plain(plain).map_err(|error| failure(plain, error))?;
        if let Some(fragment) = fragment {
            let unescaped = unescape(fragment, Part::Fragment);
            url.fragment = unescaped.map_err(|error| failure(text, error))?;
        }
        Ok(url)
    }

    /// Reads what stands before the fragment.
    fn parse_plain(text: &[u8]) -> Result<Self, String> {
        if text.iter().any(|byte| *byte < b' ' || *byte == 0x7f) {
            return Err("net/url: invalid control character in URL".into());
        }
        if text == b"*" {
            return Ok(Self { path: text.to_vec(), ..Self::default() });
        }
        let (scheme, rest) = scheme(text)?;
        let (mut rest, query) = cut(rest, b'?');
        let mut url = Self {
            scheme: scheme.to_ascii_lowercase(),
            query: query.unwrap_or_default().to_vec(),
            ..Self::default()
        };
        if !rest.starts_with(b"/") {
            if !scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if cut(rest, b'/').0.contains(&b':') {
                return Err("first path segment in URL cannot contain colon".into());
            }
        }
        if rest.starts_with(b"//") && (!scheme.is_empty() || !rest.starts_with(b"///")) {
            let end = rest[2..].iter().position(|byte| *byte == b'/').map_or(rest.len(), |i| i + 2);
            url.set_authority(&rest[2..end])?;
            rest = &rest[end..];
        }
        url.path = unescape(rest, Part::Path)?;
        Ok(url)
    }

    fn set_authority(&mut self, authority: &[u8]) -> Result<(), String> {
        let Some(at) = authority.iter().rposition(|byte| *byte == b'@') else {
            self.host = host(authority)?;
            return Ok(());
        };
        self.host = host(&authority[at + 1..])?;
        let user = &authority[..at];
        let is_valid =
            |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
        if !user.iter().all(is_valid) {
            return Err("net/url: invalid userinfo".into());
        }
        let (name, password) = cut(user, b':');
        self.user = Some(User {
            name: unescape(name, Part::User)?,
            password: password.map(|password| unescape(password, Part::User)).transpose()?,
        });
        Ok(())
    }

    /// Returns the host without its port and brackets.
    pub(super) fn host_name(&self) -> &[u8] {
        let colon = self.host.iter().rposition(|byte| *byte == b':');
        let host = match colon {
            Some(colon) if is_port(&self.host[colon..]) => &self.host[..colon],
            _ => &self.host,
        };
        host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(host)
    }

    /// Puts the parts together.
    pub(super) fn text(&self) -> Vec<u8> {
        let mut out = self.scheme.clone();
        if !out.is_empty() {
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.push_hierarchy(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(escape(&self.fragment, Part::Fragment));
        }
        out
    }

    fn push_hierarchy(&self, out: &mut Vec<u8>) {
        let has_place = !self.host.is_empty() || self.user.is_some();
        if has_place || !self.scheme.is_empty() && !self.path.is_empty() {
            out.extend_from_slice(b"//");
        }
        if let Some(user) = &self.user {
            out.extend(user.text());
            out.push(b'@');
        }
        out.extend(escape(&self.host, Part::Host));
        let path = if self.path == b"*" { b"*".to_vec() } else { escape(&self.path, Part::Path) };
        if !path.is_empty() && !path.starts_with(b"/") && !self.host.is_empty() {
            out.push(b'/');
        }
        if out.is_empty() && cut(&path, b'/').0.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend(path);
    }
}

/// Splits the scheme off.
fn scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    let end = text.iter().position(|byte| !is_inner(byte)).unwrap_or(text.len());
    match text.get(end) {
        Some(b':') if end == 0 => Err("missing protocol scheme".into()),
        Some(b':') if text[0].is_ascii_alphabetic() => Ok((&text[..end], &text[end + 1..])),
        _ => Ok((b"", text)),
    }
}

fn is_port(text: &[u8]) -> bool {
    match text.split_first() {
        None => true,
        Some((first, digits)) => *first == b':' && digits.iter().all(u8::is_ascii_digit),
    }
}

fn check_port(text: &[u8]) -> Result<(), String> {
    if is_port(text) {
        return Ok(());
    }
    Err(format!("invalid port {} after host", quoted(&String::from_utf8_lossy(text))))
}

fn host(text: &[u8]) -> Result<Vec<u8>, String> {
    let Some(open) = text.iter().rposition(|byte| *byte == b'[') else {
        if let Some(colon) = text.iter().rposition(|byte| *byte == b':') {
            check_port(&text[colon..])?;
        }
        return unescape(text, Part::Host);
    };
    if open > 0 {
        return Err("invalid IP-literal".into());
    }
    let close = text.iter().rposition(|byte| *byte == b']').ok_or("missing ']' in host")?;
    check_port(&text[close + 1..])?;
    let name = &text[1..close];
    let zone = name.windows(3).position(|window| window == b"%25").unwrap_or(name.len());
    let mut unescaped = unescape(&name[..zone], Part::Host)?;
    unescaped.extend(unescape(&name[zone..], Part::Zone)?);
    address::check(&String::from_utf8_lossy(&unescaped))?;
    Ok([b"[", &unescaped[..], b"]", &text[close + 1..]].concat())
}
