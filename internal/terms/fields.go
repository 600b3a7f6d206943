package terms

import (
	"encoding/base64"
	"errors"
	"strings"
	"unicode/utf8"
)

var errField = errors.New("terms: not a structured field")

// Bound of a field that is read.
const maxField = 8 << 10

// member is one member of a dictionary. Value is a token's text, "" for whatever else it is.
type member struct{ key, value string }

// dictionary reads a structured field dictionary (RFC 9651, 4.2.2). Unlike the standard's
// algorithm it keeps the members of a key that is repeated: the last may not be the strictest.
func dictionary(field string) ([]member, error) {
	if len(field) > maxField {
		return nil, errField
	}
	p := fieldParser{rest: strings.Trim(field, " ")}
	var out []member
	for p.rest != "" {
		m := member{key: p.key()}
		if p.next('=') {
			if strings.HasPrefix(p.rest, "(") {
				p.list()
			} else {
				m.value = p.item()
			}
		}
		p.parameters()
		out = append(out, m)
		p.rest = strings.TrimLeft(p.rest, " \t")
		if p.rest == "" || p.failed {
			break
		}
		p.must(p.next(','))
		p.rest = strings.TrimLeft(p.rest, " \t")
		p.must(p.rest != "")
	}
	if p.failed {
		return nil, errField
	}
	return out, nil
}

// fieldParser takes a field from the left. Once failed, it takes nothing more.
type fieldParser struct {
	rest   string
	failed bool
}

func (p *fieldParser) must(ok bool) {
	if !ok {
		p.failed, p.rest = true, ""
	}
}

func (p *fieldParser) next(c byte) bool {
	if p.rest == "" || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// while takes what a test holds for.
func (p *fieldParser) while(ok func(c byte) bool) string {
	n := 0
	for n < len(p.rest) && ok(p.rest[n]) {
		n++
	}
	taken := p.rest[:n]
	p.rest = p.rest[n:]
	return taken
}

func lower(c byte) bool { return c >= 'a' && c <= 'z' }
func digit(c byte) bool { return c >= '0' && c <= '9' }
func letter(c byte) bool {
	return lower(c) || c >= 'A' && c <= 'Z'
}

func (p *fieldParser) key() string {
	p.must(p.rest != "" && (lower(p.rest[0]) || p.rest[0] == '*'))
	return p.while(func(c byte) bool { return lower(c) || digit(c) || strings.IndexByte("_-.*", c) >= 0 })
}

func (p *fieldParser) parameters() {
	for p.next(';') {
		p.rest = strings.TrimLeft(p.rest, " ")
		p.key()
		if p.next('=') {
			p.item()
		}
	}
}

// list takes an inner list.
func (p *fieldParser) list() {
	p.next('(')
	for !p.failed {
		p.rest = strings.TrimLeft(p.rest, " ")
		if p.next(')') {
			return
		}
		p.item()
		p.parameters()
		p.must(p.rest != "" && (p.rest[0] == ' ' || p.rest[0] == ')'))
	}
}

// item takes a bare item and gives the text of a token.
func (p *fieldParser) item() string {
	if p.rest == "" {
		p.must(false)
		return ""
	}
	switch c := p.rest[0]; {
	case letter(c) || c == '*':
		return p.while(func(c byte) bool {
			return letter(c) || digit(c) || strings.IndexByte("!#$%&'*+-.^_`|~:/", c) >= 0
		})
	case c == '-' || digit(c):
		p.number(true)
	case c == '"':
		p.quoted()
	case p.next(':'):
		p.octets()
	case p.next('?'):
		p.must(p.next('0') || p.next('1'))
	case p.next('@'):
		p.number(false)
	case p.next('%'):
		p.display()
	default:
		p.must(false)
	}
	return ""
}

// number takes an integer, or a decimal where one may stand.
func (p *fieldParser) number(decimal bool) {
	p.next('-')
	whole := p.while(digit)
	p.must(whole != "" && len(whole) <= 15)
	if decimal && p.next('.') {
		fraction := p.while(digit)
		p.must(len(whole) <= 12 && fraction != "" && len(fraction) <= 3)
	} else if !decimal {
		p.must(!strings.HasPrefix(p.rest, "."))
	}
}

func (p *fieldParser) quoted() {
	for p.next('"'); p.rest != ""; {
		c := p.rest[0]
		p.rest = p.rest[1:]
		switch c {
		case '"':
			return
		case '\\':
			p.must(p.next('"') || p.next('\\'))
		default:
			p.must(c >= 0x20 && c < 0x7f)
		}
	}
	p.must(false)
}

func (p *fieldParser) octets() {
	text, rest, ok := strings.Cut(p.rest, ":")
	if !ok || strings.ContainsAny(text, "\r\n") {
		p.must(false)
		return
	}
	p.rest = rest
	_, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	p.must(err == nil)
}

// display takes a display string: UTF-8 with escapes in small letters.
func (p *fieldParser) display() {
	p.must(p.next('"'))
	var text []byte
	for p.rest != "" {
		c := p.rest[0]
		p.rest = p.rest[1:]
		switch c {
		case '"':
			p.must(utf8.Valid(text))
			return
		case '%':
			n, ok := byte(0), false
			if len(p.rest) >= 2 && strings.ToLower(p.rest[:2]) == p.rest[:2] {
				n, ok = octet(p.rest[0], p.rest[1])
			}
			if !ok {
				p.must(false)
				return
			}
			text, p.rest = append(text, n), p.rest[2:]
		default:
			p.must(c >= 0x20 && c < 0x7f)
			text = append(text, c)
		}
	}
	p.must(false)
}
