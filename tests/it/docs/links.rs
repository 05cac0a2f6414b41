//! Links and pictures, and the list of pages.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Page, pages, root};

impl Page {
    /// Returns what the page leads to, and where that stands.
    fn links(&self) -> Vec<(String, usize)> {
        let mut links = Vec::new();
        for (event, range) in self.events() {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    links.push((dest_url.into_string(), range.start));
                }
                Event::Html(html) | Event::InlineHtml(html) => {
                    let values = ["href=\"", "src=\"", "srcset=\""].into_iter().flat_map(|key| {
                        html.split(key).skip(1).filter_map(|it| it.split('"').next())
                    });
                    links.extend(values.map(|it| (it.to_owned(), range.start)));
                }
                _ => {}
            }
        }
        links
    }

    /// Returns the names of its headings, as GitHub and mdbook make them.
    fn anchors(&self) -> BTreeSet<String> {
        let (mut anchors, mut seen) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
        let mut heading: Option<String> = None;
        for (event, _) in self.events() {
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::Text(text) | Event::Code(text) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                Event::End(TagEnd::Heading(_)) => {
                    let slug = slug(&heading.take().expect("it has begun"));
                    let count = seen.entry(slug.clone()).or_default();
                    anchors.insert(match *count {
                        0 => slug,
                        count => format!("{slug}-{count}"),
                    });
                    *count += 1;
                }
                _ => {}
            }
        }
        anchors
    }

    /// Returns the path in the repository of what is at a path beside the page; none where it leads out.
    fn beside(&self, path: &str) -> Option<String> {
        let mut parts: Vec<&str> = self.name.split('/').collect();
        parts.pop();
        for part in Path::new(path).components() {
            match part {
                Component::Normal(name) => parts.push(name.to_str()?),
                Component::ParentDir => drop(parts.pop()?),
                Component::CurDir => {}
                Component::RootDir | Component::Prefix(_) => return None,
            }
        }
        Some(parts.join("/"))
    }

    /// Says what is wrong with a link; nothing where it leads to something.
    fn wrong(&self, link: &str, anchors: &BTreeMap<&str, BTreeSet<String>>) -> Option<String> {
        if link.starts_with("https://") || link.starts_with("mailto:") {
            return None;
        }
        let (path, anchor) = link.split_once('#').map_or((link, None), |(a, b)| (a, Some(b)));
        let target = match path {
            "" => Some(self.name.clone()),
            path => self.beside(path),
        };
        let Some(target) = target else { return Some("it leads out of the repository".into()) };
        let headings = anchors.get(target.as_str());
        let is_on_site = |name: &str| ["docs/", "fixtures/"].iter().any(|it| name.starts_with(it));
        if !root().join(&target).exists() {
            Some(format!("there is no {target}"))
        } else if is_on_site(&self.name) && !is_on_site(&target) {
            // Name the file in words: the site holds these two folders.
            Some(format!("{target} is not on the site"))
        } else {
            let anchor = anchor.filter(|it| !headings.is_some_and(|all| all.contains(*it)));
            anchor.map(|anchor| format!("{target} has no heading #{anchor}"))
        }
    }
}

/// Returns a heading as it stands behind `#`.
fn slug(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter(|it| it.is_alphanumeric() || "-_ ".contains(*it));
    kept.map(|it| if it == ' ' { '-' } else { it }).collect()
}

#[test]
fn each_link_leads_to_something() {
    let pages = pages();
    let anchors: BTreeMap<&str, BTreeSet<String>> =
        pages.iter().map(|page| (page.name.as_str(), page.anchors())).collect();
    let wrong: Vec<String> = pages
        .iter()
        .flat_map(|page| page.links().into_iter().map(move |link| (page, link)))
        .filter_map(|(page, (link, offset))| {
            let wrong = page.wrong(&link, &anchors)?;
            Some(format!("{}: {link}: {wrong}", page.place(offset)))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_page_is_in_the_summary_once() {
    let pages = pages();
    let summary = pages.iter().find(|page| page.name == "docs/SUMMARY.md").expect("it is there");
    let mut listed: Vec<String> =
        summary.links().iter().map(|(link, _)| format!("docs/{link}")).collect();
    listed.sort();
    let names = pages.iter().map(|page| page.name.as_str());
    let there: Vec<&str> =
        names.filter(|it| it.starts_with("docs/") && *it != "docs/SUMMARY.md").collect();
    assert_eq!(listed, there, "docs/SUMMARY.md lists the pages of docs");
}

#[test]
fn slugs_are_those_of_github() {
    let page = Page {
        name: "a.md".into(),
        text: "# The `--strategy rename`: names, of *their* own\n## A\n### A\n".into(),
    };
    let expected = ["the---strategy-rename-names-of-their-own", "a", "a-1"];
    assert_eq!(page.anchors(), expected.map(str::to_owned).into());
}
