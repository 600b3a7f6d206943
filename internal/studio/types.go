package studio

import "loam"

// Input is all an arrangement depends on: the same Input gives the same Arranged. Kind ""
// is guessed. Account chooses between equal layouts, so that one creator looks like
// herself; Attempt is 换一版.
type Input struct {
	Idea      string
	Kind      loam.NoteKind
	Answers   []loam.Answer
	Account   string
	Attempt   int
	Choices   loam.Choices
	Recent    []string // her last published titles; they change no proposal, only what is said of it
	Community Community
}

// Community is what the community brings to a draft, as a value its caller loaded.
type Community struct {
	Topics []Topic
	Titles *TitleIndex // of public notes
	Worn   map[loam.NoteKind]map[string]bool
	// Skeletons are forms of titles whose owners allow style, found every night.
	Skeletons []Skeleton
}

// Topic is a tag of the community with how often it is used.
type Topic struct {
	Name    string
	Aliases []string
	Uses    int
}

// Part is a piece of arranged text and where it comes from: a byte span of the idea
// (From "idea") or of an answer (From its slot), or scaffold (From ""), which is a closed
// list and the numbers she ticked. Added marks words beyond scaffold and connectives, Blank an open 〔…〕.
type Part struct {
	Text  string `json:"text"`
	From  string `json:"from"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Added bool   `json:"added"`
	Blank bool   `json:"blank"`
}

// Title is one proposed title.
type Title struct {
	Text   string   `json:"text"`
	Length int      `json:"length"` // by the platform's count
	Family string   `json:"family"`
	Parts  []Part   `json:"parts"`
	Added  []string `json:"added"` // words that are not hers
	Why    string   `json:"why"`   // in Chinese; "why." and the family in the catalogue
	Marks  []Merit  `json:"marks"`
	Rests  []string `json:"rests"` // of a community's form: authors, notes, percent above, interval; else empty
}

// Tag is one proposed tag.
type Tag struct {
	Name string `json:"name"`
	Uses int    `json:"uses"`
	Why  string `json:"why"`  // in Chinese
	Code string `json:"code"` // of Why in the catalogue
}

// Ask is a question whose answer goes into the note.
type Ask struct {
	Slot string   `json:"slot"`
	Text string   `json:"text"` // in Chinese
	Code string   `json:"code"` // of Text in the catalogue
	Args []string `json:"args"`
	Why  string   `json:"why"` // in Chinese; "why." and the slot's section in the catalogue
}

// Check is something to mend (level fix: it cannot be confirmed so) or to look at (level
// look). Start and End are byte offsets in the field: title, body, tags, page.N.
type Check struct {
	Rule  string   `json:"rule"`
	Level string   `json:"level" enum:"fix,look"`
	Field string   `json:"field"`
	Start int      `json:"start"`
	End   int      `json:"end"`
	Text  string   `json:"text"` // in Chinese
	Code  string   `json:"code"` // of Text in the catalogue: "check." and the rule
	Args  []string `json:"args"`
}

// Cut is a filler that was left out: the bytes [Start, End) of the idea.
type Cut struct {
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// Derived is a fact worked out of hers. It enters the text only after her tick.
type Derived struct {
	Code   string   `json:"code"`   // its name among her choices
	Text   string   `json:"text"`   // as it would stand in the note
	Sum    string   `json:"sum"`    // its arithmetic: 89 − 38 = 51
	Values []string `json:"values"` // hers that it rests on
	Ticked bool     `json:"ticked"`
}

// Arranged is what the offline writer makes of an Input.
type Arranged struct {
	Kind      loam.NoteKind `json:"kind"`
	Titles    []Title       `json:"titles"`
	Body      string        `json:"body"`
	BodyParts []Part        `json:"body_parts"`
	Tags      []Tag         `json:"tags"`
	Pages     []loam.Page   `json:"pages"`
	Asks      []Ask         `json:"asks"`
	Checks    []Check       `json:"checks"` // what the input itself contradicts or lacks
	Cut       []Cut         `json:"cut"`    // fillers left out, shown struck through
	Chat      *Chat         `json:"chat,omitempty"`
	Derived   []Derived     `json:"derived"`
	Rest      int           `json:"rest"` // byte offset in the idea where a note of its own has to begin; 0: all has room
	Form      string        `json:"form" enum:"idea,list,article,rubble,chat"`
	// Sponsorship is nil while it stands open who paid for what she writes about.
	Sponsorship *loam.Sponsorship `json:"sponsorship,omitempty" enum:",own,gift,paid" doc:"Who paid, by her answer or her words; left out while the question stands"`
}
