package studio

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Chat is what was found in a pasted chat: who speaks, who of them she is, and what was
// left out. Told is false while the writer only guesses that she wrote most.
type Chat struct {
	Speakers []Speaker  `json:"speakers"`
	Me       string     `json:"me"`
	Told     bool       `json:"told"`
	Lines    []ChatLine `json:"lines"` // of the others, in their order; at most chatLines
}

// Speaker is one person of a chat.
type Speaker struct {
	Name  string `json:"name"`
	Lines int    `json:"lines"`
	First string `json:"first"` // how she begins, to be known by
}

// ChatLine is something another person said; Taken lets it into the note.
type ChatLine struct {
	N     int    `json:"n"` // its number in the chat, from 0
	Name  string `json:"name"`
	Text  string `json:"text"`
	Taken bool   `json:"taken"`
}

// message is one thing said in a chat: lines of the source by their byte offsets.
type message struct {
	name  string
	lines [][2]int
}

const (
	chatSpeakers = 20  // more than these names is a list, not a chat
	chatLines    = 300 // of others, shown to be ticked
)

const clockTime = `(?:\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*)?(?:(?:上午|下午|晚上|凌晨|中午|早上)\s*)?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\s*[AaPp][Mm])?`

// Heads of messages as chat programs copy them: a name with a colon, or a name and a time
// on a line of their own.
var (
	chatSaid   = regexp.MustCompile(`^(?:[\[【(（]?` + clockTime + `[\]】)）]?\s*)?([^\s：:，。！？,!?、\[\]【】]{1,16})(?:\s*[\[(（]?` + clockTime + `[\])）]?)?\s*[：:]\s*(\S.*)$`)
	chatHead   = regexp.MustCompile(`^(?:[\[【(（]?` + clockTime + `[\]】)）]?\s+([^\s：:，。！？,!?、]{1,16})|([^\s：:，。！？,!?、]{1,16})\s+[\[【(（]?` + clockTime + `[\]】)）]?)$`)
	chatClock  = regexp.MustCompile(`^[—\-\s]*` + clockTime + `[—\-\s]*$`)
	chatNotice = regexp.MustCompile(`^[\[【](?:图片|照片|表情|动画表情|语音|视频|文件|链接|位置|红包|Photo|Sticker|Voice|Video|File)[\]】]$|撤回了一条消息|以上是打招呼的内容|^(?:<Media omitted>|This message was deleted)$`)
)

// readChat finds the messages of a pasted chat: at least three lines with a head, by names
// of whom one speaks twice. It is nil for anything else.
func readChat(s string) []message {
	if strings.Count(s, "\n") < 2 {
		return nil
	}
	var out []message
	lines, covered, heads := 0, 0, 0
	counts := map[string]int{}
	for start := 0; start <= len(s); {
		end := strings.IndexByte(s[start:], '\n')
		if end < 0 {
			end = len(s) - start
		}
		from, to := bare(s, start, start+end)
		start += end + 1
		if from == to || chatClock.MatchString(s[from:to]) {
			continue
		}
		lines++
		if name, at, ok := headOfMessage(s, from, to); ok {
			heads++
			covered++
			counts[name]++
			m := message{name: name}
			if at < to {
				m.lines = [][2]int{{at, to}}
			}
			out = append(out, m)
			continue
		}
		if k := len(out) - 1; k >= 0 {
			out[k].lines = append(out[k].lines, [2]int{from, to})
			covered++
		}
		if lines >= 12 && heads*4 < lines {
			return nil // a long text with a colon here and there
		}
	}
	most := 0
	for _, n := range counts {
		most = max(most, n)
	}
	if heads < 3 || most < 2 || len(counts) > chatSpeakers || heads*3 < lines || covered*10 < lines*8 {
		return nil
	}
	return out
}

// bare narrows a line to what is not white space.
func bare(s string, start, end int) (int, int) {
	for start < end {
		r, size := utf8.DecodeRuneInString(s[start:end])
		if !unicode.IsSpace(r) {
			break
		}
		start += size
	}
	for end > start {
		r, size := utf8.DecodeLastRuneInString(s[start:end])
		if !unicode.IsSpace(r) {
			break
		}
		end -= size
	}
	return start, end
}

// headOfMessage gives who speaks in a line and where her words begin.
func headOfMessage(s string, from, to int) (name string, at int, ok bool) {
	line := s[from:to]
	if len(line) > 4000 {
		line = line[:runeOffset(line, 1000)]
	}
	if m := chatHead.FindStringSubmatchIndex(line); m != nil {
		k := 2
		if m[2] < 0 {
			k = 4
		}
		if name = line[m[k]:m[k+1]]; speaks(name) {
			return name, to, true
		}
	}
	if m := chatSaid.FindStringSubmatchIndex(line); m != nil {
		if name = line[m[2]:m[3]]; speaks(name) {
			return name, from + m[4], true
		}
	}
	return "", 0, false
}

// speaks reports what may be the name of a speaker: no heading, no item's key, no time.
func speaks(name string) bool {
	return strings.ContainsFunc(name, unicode.IsLetter) && isName(name) && !keyPattern.MatchString(name) && !dayPattern.MatchString(name) &&
		!stepPattern.MatchString(name) && bulletLen(name) == 0 && name != "https" && !strings.Contains(name, "//")
}

// chatOf makes the choice a person sees of messages, with her choices so far.
func chatOf(s string, all []message, me string, taken []int) *Chat {
	c := &Chat{Speakers: []Speaker{}, Lines: []ChatLine{}}
	wrote := map[string]int{}
	for _, m := range all {
		said := m.text(s)
		i := slices.IndexFunc(c.Speakers, func(p Speaker) bool { return p.Name == m.name })
		if i < 0 {
			c.Speakers, i = append(c.Speakers, Speaker{Name: m.name}), len(c.Speakers)
		}
		c.Speakers[i].Lines++
		if c.Speakers[i].First == "" {
			c.Speakers[i].First = shortened(said, 24)
		}
		wrote[m.name] += utf8.RuneCountInString(said)
	}
	for _, p := range c.Speakers {
		if p.Name == me {
			c.Me, c.Told = me, true
		}
	}
	if c.Me == "" {
		for _, p := range c.Speakers {
			if c.Me == "" || wrote[p.Name] > wrote[c.Me] {
				c.Me = p.Name
			}
		}
	}
	for i, m := range all {
		said := m.text(s)
		if m.name == c.Me || said == "" || len(c.Lines) == chatLines {
			continue
		}
		c.Lines = append(c.Lines, ChatLine{N: i, Name: m.name, Text: shortened(said, 200), Taken: slices.Contains(taken, i)})
	}
	return c
}

// text is what a message says, what the program wrote in its place left out.
func (m message) text(s string) string {
	var out []string
	for _, l := range m.lines {
		if t := s[l[0]:l[1]]; !chatNotice.MatchString(t) {
			out = append(out, t)
		}
	}
	return strings.Join(out, " ")
}

func shortened(s string, n int) string {
	s = strings.ToValidUTF8(s, "")
	if k := runeOffset(s, n); k < len(s) {
		return s[:k] + "…"
	}
	return s
}

// readMessages reads her own messages and those she let in, each as a sentence of its own.
func (n *note) readMessages(all []message) *reader {
	r := &reader{text: n.ideas.text}
	left := maxRead
	for i, m := range all {
		if m.name != n.chat.Me && !slices.Contains(n.input.Choices.Lines, i) {
			continue
		}
		for _, l := range m.lines {
			t := n.ideas.text[l[0]:l[1]]
			if chatNotice.MatchString(t) {
				continue
			}
			if left -= utf8.RuneCountInString(t); left < 0 {
				n.unread += utf8.RuneCountInString(t)
				continue
			}
			f := formIdea
			if formOf(t) == formRubble {
				f = formRubble
			}
			r.readLine(l[0], l[1], f)
		}
	}
	return r
}
