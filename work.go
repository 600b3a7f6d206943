package loam

import (
	"strconv"
	"strings"
	"unicode"
)

// Form is what a Work is. Everything one person can read of another is a Work of some form
// and travels the same line.
type Form string

// The forms. A note is the empty one: it was the only one at first, and is left out of what
// is hashed.
const (
	FormNote    Form = ""
	FormComment Form = "comment" // Body on the note On, in answer to Parent
	FormProfile Form = "profile" // Title is the display name, Body what she says of herself
)

// Forms lists the forms.
func Forms() []Form { return []Form{FormNote, FormComment, FormProfile} }

// NoteKind is one of the ten shapes of a note.
type NoteKind string

// The kinds of note.
const (
	KindShop      NoteKind = "shop"      // 探店
	KindTutorial  NoteKind = "tutorial"  // 教程
	KindTest      NoteKind = "test"      // 测评
	KindList      NoteKind = "list"      // 清单
	KindOutfit    NoteKind = "outfit"    // 穿搭
	KindTravel    NoteKind = "travel"    // 旅行
	KindFood      NoteKind = "food"      // 美食
	KindKnowledge NoteKind = "knowledge" // 知识
	KindGoods     NoteKind = "goods"     // 好物
	KindDaily     NoteKind = "daily"     // 日常
)

// NoteKinds lists the kinds in the order pages show them.
func NoteKinds() []NoteKind {
	return []NoteKind{
		KindShop, KindTutorial, KindTest, KindList, KindOutfit, KindTravel, KindFood, KindKnowledge, KindGoods, KindDaily,
	}
}

// Origin says who wrote a piece of text. The server computes it; a client never states it.
type Origin string

// The origins: 你写的 · 规则整理 · 模型生成.
const (
	ByPerson   Origin = "person"
	ByArranged Origin = "arranged" // the offline writer's scaffold or added words
	ByModel    Origin = "model"
)

// Run is a piece of text of one origin. Added marks arranged words beyond the closed
// scaffold and connectives: they make the text automatic writing (deep-synthesis rules
// Art. 17(1)) and so labelled. Generation names the model call of a model's run.
type Run struct {
	Text       string `json:"text"`
	Origin     Origin `json:"origin"`
	Added      bool   `json:"added,omitempty"`
	Generation string `json:"generation,omitempty"`
}

// Plain joins the text of runs.
func Plain(runs []Run) string {
	n := 0
	for _, r := range runs {
		n += len(r.Text)
	}
	b := make([]byte, 0, n)
	for _, r := range runs {
		b = append(b, r.Text...)
	}
	return string(b)
}

// Share counts the characters of a note by origin.
type Share struct {
	Person   int `json:"person"`
	Arranged int `json:"arranged"`
	Model    int `json:"model"`
}

// Percent is a Share in whole percent, which add up to 100: what is lost in rounding goes
// to the largest remainders. An empty one is 0, 0, 0.
func (s Share) Percent() (out [3]int) {
	parts := [3]int{s.Person, s.Arranged, s.Model}
	total := s.Person + s.Arranged + s.Model
	if total == 0 {
		return out
	}
	left := 100
	for i, n := range parts {
		out[i] = n * 100 / total
		left -= out[i]
	}
	for ; left > 0; left-- {
		most := 0
		for i, n := range parts {
			if n*100-out[i]*total > parts[most]*100-out[most]*total {
				most = i
			}
		}
		out[most]++
	}
	return out
}

// ShareOf counts characters by origin over a note's title and body, white space left out.
func ShareOf(texts ...[]Run) Share {
	var s Share
	for _, runs := range texts {
		for _, r := range runs {
			n := 0
			for _, c := range r.Text {
				if !unicode.IsSpace(c) {
					n++
				}
			}
			switch r.Origin {
			case ByArranged:
				s.Arranged += n
			case ByModel:
				s.Model += n
			default:
				s.Person += n
			}
		}
	}
	return s
}

// Answer is what she replied to one of the writer's questions.
type Answer struct {
	Slot string `json:"slot"`
	Text string `json:"text"`
}

// Choices are what she told the writer beside her answers: which speaker of a pasted chat
// she is, the numbers of other people's lines she lets in, the worked-out facts she ticked,
// and how often each part was asked for again by itself (body, tags, pages).
type Choices struct {
	Me      string         `json:"me,omitempty" maxLength:"64"`
	Lines   []int          `json:"lines,omitempty" maxItems:"300"`
	Derived []string       `json:"derived,omitempty" maxItems:"20"`
	Again   map[string]int `json:"again,omitempty"`
	// Bullet and Heading are the marks of her persona, where it was on when the body was
	// arranged; the server sets them.
	Bullet  string `json:"bullet,omitempty" maxLength:"8"`
	Heading string `json:"heading,omitempty" maxLength:"8"`
}

// Borrowed is a stretch of the idea (From "idea") or of an answer (From its slot) that
// repeated a model's text of the account when it came in: those bytes are not her words.
type Borrowed struct {
	From       string `json:"from"`
	Start      int    `json:"start"`
	End        int    `json:"end"`
	Generation string `json:"generation"`
}

// Picture is a photo of her own in a note.
type Picture struct {
	Asset string `json:"asset"`
	Alt   string `json:"alt"`
}

// Draft is the mutable text of a Work.
type Draft struct {
	Kind     NoteKind  `json:"kind"`
	Idea     string    `json:"idea"`
	Answers  []Answer  `json:"answers"`
	Attempt  int       `json:"attempt"`
	Choices  Choices   `json:"choices"`
	Title    []Run     `json:"title"`
	Body     []Run     `json:"body"`
	Tags     []string  `json:"tags"`
	Pages    []Page    `json:"pages"`
	Style    string    `json:"style"` // name of the cover style
	Pictures []Picture `json:"pictures"`
	Writer   string    `json:"writer"` // who arranged it last: offline, or a model's name
	// Brand is her colour and sign on every page; nil: the style's own.
	Brand *Brand `json:"brand,omitempty"`
	// Before is the draft as it was before the last rewrite, for one undo.
	Before *Before `json:"before,omitempty"`
	// Borrowed is what of the idea and the answers a model wrote; the server finds it.
	Borrowed []Borrowed `json:"borrowed,omitempty"`
	// Sound is the recording in the note, nil for none.
	Sound *Sound `json:"sound,omitempty"`
}

// Before is what an undo brings back of a Draft.
type Before struct {
	Title   []Run    `json:"title"`
	Body    []Run    `json:"body"`
	Tags    []string `json:"tags"`
	Pages   []Page   `json:"pages"`
	Attempt int      `json:"attempt"`
	Choices Choices  `json:"choices"`
}

// Audience is who may see a note.
type Audience string

// The audiences.
const (
	Public   Audience = "public"
	Unlisted Audience = "unlisted" // whoever has the link
	OnlyMe   Audience = "me"
)

// Sponsorship is her answer to 自费还是送的.
type Sponsorship string

// The answers; empty where the question does not arise.
const (
	OwnMoney  Sponsorship = "own"
	Gifted    Sponsorship = "gift"
	Sponsored Sponsorship = "paid"
)

// Declaration is what the creator states on submitting. AI is locked on by the server
// where a model wrote or the writer added words.
type Declaration struct {
	AI          bool        `json:"ai"`
	Locked      bool        `json:"locked"`
	Sponsorship Sponsorship `json:"sponsorship"`
}

// AssetRef is one picture of a Version, in order.
type AssetRef struct {
	Field  string  `json:"field"` // picture.1 …
	Hash   string  `json:"hash"`  // SHA-256, hex, of the bytes before labelling
	Type   string  `json:"type"`  // image/png or image/jpeg
	Width  int     `json:"width"`
	Height int     `json:"height"`
	Alt    string  `json:"alt"`
	AI     AIState `json:"ai"`
	// Shows are the hashes of the photos a drawn page shows, before cropping and printing.
	Shows []string `json:"shows,omitempty"`
}

// PictureField is the field of picture n, from 1.
func PictureField(n int) string { return "picture." + strconv.Itoa(n) }

// Content is what a Version freezes; its hash covers exactly this.
type Content struct {
	Work        string       `json:"work"`
	Number      int          `json:"number"`
	Kind        NoteKind     `json:"kind"`
	Title       string       `json:"title"`
	Body        string       `json:"body"`
	Tags        []string     `json:"tags"`
	Pages       []Page       `json:"pages"`
	Style       string       `json:"style"`
	Brand       *Brand       `json:"brand,omitempty"`
	Assets      []AssetRef   `json:"assets"`
	Share       Share        `json:"share"`
	TextAI      AIState      `json:"text_ai"`
	Writer      string       `json:"writer"`
	Declaration Declaration  `json:"declaration"`
	Uses        map[Use]bool `json:"uses"`
	Audience    Audience     `json:"audience"`
	Scheduled   int64        `json:"scheduled"` // 0: at once
	// What is no note says what it is. All three are left out where they are empty, so that
	// the hash of a note is what it was before they existed.
	Form   Form   `json:"form,omitempty"`
	On     string `json:"on,omitempty"`     // the note a comment stands under
	Parent string `json:"parent,omitempty"` // the comment it answers, never an answer itself
	// Sound is left out where there is none, for the same reason.
	Sound *SoundRef `json:"sound,omitempty"`
}

// AI is the note's state: the strongest of its text, pictures and sound.
func (c Content) AI() AIState {
	s := c.TextAI
	for _, a := range c.Assets {
		s = s.Stronger(a.AI)
	}
	if c.Sound != nil {
		s = s.Stronger(c.Sound.AI)
	}
	return s
}

// Markdown is a note's words as a file: title, body, tags. A comment has no title.
func (c Content) Markdown() string {
	var b strings.Builder
	if c.Title != "" || c.Form == FormNote {
		b.WriteString("# " + c.Title + "\n\n")
	}
	b.WriteString(c.Body + "\n")
	for i, t := range c.Tags {
		if i == 0 {
			b.WriteString("\n")
		} else {
			b.WriteString(" ")
		}
		b.WriteString("#" + t)
	}
	if len(c.Tags) > 0 {
		b.WriteString("\n")
	}
	return b.String()
}

// Version is a frozen Content and where it stands.
type Version struct {
	ID          string  `json:"id"`
	Work        string  `json:"work"`
	Owner       string  `json:"owner"`
	Number      int     `json:"number"`
	Revision    int64   `json:"revision"` // of the draft it was frozen from
	Hash        string  `json:"hash"`
	Content     Content `json:"content"`
	State       State   `json:"state"`
	Reach       Action  `json:"reach"` // allow or limit, once cleared
	Labelled    bool    `json:"labelled"`
	Labels      []Label `json:"labels"`
	ReleaseHash string  `json:"release_hash"` // "" until labelled
	ConfirmedBy string  `json:"confirmed_by"`
	ConfirmedAt int64   `json:"confirmed_at"`
	SubmittedAt int64   `json:"submitted_at"`
	UpdatedAt   int64   `json:"updated_at"`
}

// Due reports whether the Version may be with readers by now.
func (v Version) Due(now int64) bool { return v.Content.Scheduled <= now }

// Gate is what a Release still asks of the Version.
func (v Version) Gate() Gate {
	return Gate{State: v.State, Labelled: v.Labelled, Confirmed: v.ConfirmedAt > 0}
}

// Work is one note, owned by a creator: a mutable Draft and the Versions it led to.
type Work struct {
	ID       string
	Owner    string
	Revision int64 // of the draft; grows with every change
	Draft    Draft
	Created  int64
	Updated  int64
	Latest   *Version // the newest Version that is not withdrawn; nil if there is none
	Live     string   // id of the Version readers see; "" if they see nothing
}

// Submission is a Version about to be frozen: Content without its number, the draft
// revision the person saw, and the drawn pictures that already lie in the blob store.
type Submission struct {
	Content  Content
	Owner    string
	Revision int64
	Blobs    []Asset
}

// Between ScheduleMin and ScheduleMax from now a note may be scheduled, in milliseconds.
const (
	ScheduleMin = 60 * 60 * 1000
	ScheduleMax = 14 * 24 * ScheduleMin
)

// Choice is what a creator chooses on submitting. Scheduled is a moment between ScheduleMin
// and ScheduleMax from now, or 0 for at once.
type Choice struct {
	Revision    int64        `json:"revision"` // of the draft she saw
	AI          bool         `json:"ai"`       // her declaration; the server locks it on where it knows better
	Sponsorship Sponsorship  `json:"sponsorship,omitempty" enum:",own,gift,paid"`
	Uses        map[Use]bool `json:"uses"`
	Audience    Audience     `json:"audience" enum:"public,unlisted,me"`
	Scheduled   int64        `json:"scheduled,omitempty" minimum:"0" doc:"When it is to go out (ms), 1 hour to 14 days from now; 0 for at once"`
}
