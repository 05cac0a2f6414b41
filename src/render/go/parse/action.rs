//! Text, actions, and what actions open and close.

use smol_str::SmolStr;

use super::tree::{Control, Open, Role, Tree};
use super::{Parsed, Parser};
use crate::render::go::ir::{Block, Node};
use crate::render::go::lex::{Kind, Token};

impl Parser<'_> {
    /// Reads a text or an action; false at the end of the text.
    pub(super) fn item(&mut self) -> Parsed<bool> {
        let token = self.next_non_space();
        match token.kind {
            Kind::Eof if self.is_at_top() => return Ok(false),
            Kind::Eof => {
                let mut error = self.error(token.start, "unexpected EOF");
                let open = self.tree.open.iter().rfind(|open| !open.chained);
                error.unclosed = open.map(|it| it.place.start as usize..it.place.end as usize);
                return Err(error);
            }
            Kind::Text => {
                let text = SmolStr::new(self.text(token));
                let place = self.place(token.start, token.start, token.end);
                self.tree.push(Node::Text { text, place });
            }
            Kind::LeftDelim => self.action(token)?,
            _ => return Err(self.unexpected(token, "input")),
        }
        Ok(true)
    }

    fn is_at_top(&self) -> bool {
        matches!(self.tree.role, Role::Root) && self.tree.open.is_empty()
    }

    fn action(&mut self, delim: Token) -> Parsed<()> {
        let token = self.next_non_space();
        if token.kind == Kind::Define && self.is_at_top() {
            return self.define();
        }
        self.tree.action = Some(delim.start);
        match token.kind {
            Kind::Block => return self.block(delim),
            Kind::Template => self.template(delim)?,
            Kind::Break => self.jump(Node::Break, "break")?,
            Kind::Continue => self.jump(Node::Continue, "continue")?,
            Kind::Else => return self.otherwise(delim),
            Kind::End => self.end()?,
            kind => {
                if let Some(control) = Control::of(kind) {
                    return self.open(control, delim, Chained::No);
                }
                self.backup();
                let pipe = self.pipeline("command", Kind::RightDelim)?;
                let place = self.place(pipe.place.at as usize, delim.start, self.last().end);
                self.tree.push(Node::Action { pipe, place });
            }
        }
        self.tree.action = None;
        Ok(())
    }

    fn jump(&mut self, node: Node, word: &str) -> Parsed<()> {
        let token = self.expect(Kind::RightDelim, &format!("{{{{{word}}}}}"))?;
        if self.tree.loops == 0 {
            let message = format!("{{{{{word}}}}} outside {{{{range}}}}");
            return Err(self.error(token.start, message));
        }
        self.tree.push(node);
        Ok(())
    }

    fn open(&mut self, control: Control, delim: Token, chained: Chained) -> Parsed<()> {
        let before = self.tree.scope.mark();
        let pipe = self.pipeline(control.word(), Kind::RightDelim)?;
        let place = self.place(pipe.place.at as usize, delim.start, self.last().end);
        let inside = self.tree.scope.mark();
        self.tree.open(Open {
            control,
            pipe,
            place,
            before,
            inside,
            first: 0,
            body: Block::new(),
            otherwise: Block::new(),
            in_else: false,
            chained: matches!(chained, Chained::Yes),
        });
        Ok(())
    }

    fn otherwise(&mut self, delim: Token) -> Parsed<()> {
        let next = self.peek_non_space();
        if !matches!(next.kind, Kind::If | Kind::With) {
            self.expect(Kind::RightDelim, "else")?;
        }
        self.tree.action = None;
        let Some(open) = self.tree.open.last() else {
            return Err(self.stray_else(delim));
        };
        if open.in_else {
            return Err(self.error(delim.start, "expected end; found {{else}}"));
        }
        let control = open.control;
        self.tree.turn();
        // Any other keyword is left for the next item, which refuses it.
        if control != Control::Range && Control::of(next.kind) == Some(control) {
            self.next();
            return self.open(control, delim, Chained::Yes);
        }
        Ok(())
    }

    fn stray_else(&self, delim: Token) -> Box<super::ParseError> {
        match self.tree.role {
            Role::Root => self.error(delim.start, "unexpected {{else}}"),
            Role::Define => self.error(delim.start, "unexpected {{else}} in define clause"),
            // Here Go gives the line of the action that opened the block.
            Role::Block(opener) => self.error_on(
                self.line(opener.start),
                delim.start,
                "unexpected {{else}} in block clause",
            ),
        }
    }

    fn end(&mut self) -> Parsed<()> {
        let token = self.expect(Kind::RightDelim, "end")?;
        if !self.tree.open.is_empty() {
            self.tree.close();
            return Ok(());
        }
        match self.outer.pop() {
            Some(outer) => {
                let done = std::mem::replace(&mut self.tree, outer);
                self.add(done)
            }
            None => Err(self.error(token.start, "unexpected {{end}}")),
        }
    }

    fn define(&mut self) -> Parsed<()> {
        const CONTEXT: &str = "define clause";
        let tree = Tree::new(SmolStr::default(), Role::Define);
        self.outer.push(std::mem::replace(&mut self.tree, tree));
        let name = self.next_non_space();
        self.tree.name = self.template_name(name, CONTEXT)?;
        self.expect(Kind::RightDelim, CONTEXT)?;
        Ok(())
    }

    fn block(&mut self, delim: Token) -> Parsed<()> {
        self.call(delim, "block clause").map(|name| {
            let tree = Tree::new(name, Role::Block(self.last()));
            self.outer.push(std::mem::replace(&mut self.tree, tree));
        })
    }

    fn template(&mut self, delim: Token) -> Parsed<()> {
        self.call(delim, "template clause").map(|_| ())
    }

    /// Reads a name and a pipeline, which only `template` may leave out.
    fn call(&mut self, delim: Token, context: &'static str) -> Parsed<SmolStr> {
        let token = self.next_non_space();
        let name = self.template_name(token, context)?;
        let bare = context == "template clause" && self.peek_non_space().kind == Kind::RightDelim;
        let pipe = if bare {
            self.next_non_space();
            None
        } else {
            Some(self.pipeline(context, Kind::RightDelim)?)
        };
        let place = self.place(token.start, delim.start, self.last().end);
        self.tree.push(Node::Call { name: name.clone(), pipe, place });
        Ok(name)
    }

    fn template_name(&self, token: Token, context: &str) -> Parsed<SmolStr> {
        match token.kind {
            Kind::Quoted | Kind::RawString => self.unquoted(token).map(SmolStr::new),
            _ => Err(self.unexpected(token, context)),
        }
    }
}

/// Whether a control stands in the `else` of another and shares its `{{ end }}`.
enum Chained {
    Yes,
    No,
}
