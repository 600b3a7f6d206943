package loam

// Place is where a list of releases goes on: after the release of Version at At, in the
// list's own order. The zero Place is its beginning.
type Place struct {
	At      int64
	Version string
}

// PlaceOf is the place of a release.
func PlaceOf(r Release) Place { return Place{r.ReleasedAt, r.Version.ID} }

// Comment is what readers see of a comment, or its writer of one that is not out.
type Comment struct {
	Work    string
	Version string
	On      string
	Parent  string // "" stands directly under the note
	Author  Account
	Text    string
	AI      AIState
	State   State
	Reach   Action // limit: shown folded
	At      int64
	Answers int // comments under this one that readers see
}

// Place is where a list of comments goes on after this one.
func (c Comment) Place() Place { return Place{c.At, c.Version} }

// Sought is one word of a search. A note has it if one of the Terms is among its terms, or
// one of its terms begins with one of the Prefixes.
type Sought struct {
	Terms    []string
	Prefixes []string
}

// ViewSource is where a reader came from; who she is is never kept.
type ViewSource string

// The sources.
const (
	FromFeed    ViewSource = "feed"
	FromSearch  ViewSource = "search"
	FromCreator ViewSource = "creator"
	FromTopic   ViewSource = "topic"
	FromLink    ViewSource = "link" // from outside, or nobody said
)

// ViewSources lists the sources.
func ViewSources() []ViewSource {
	return []ViewSource{FromFeed, FromSearch, FromCreator, FromTopic, FromLink}
}

// Views is how often a note was opened on a legal day (Asia/Shanghai) from one source.
type Views struct {
	Work   string     `json:"work"`
	Day    string     `json:"day"`
	Source ViewSource `json:"source"`
	Count  int64      `json:"count"`
}

// Reaction is what a reader does with a note by one click.
type Reaction string

// The reactions: one of each a person and note.
const (
	Like    Reaction = "like"
	Collect Reaction = "collect"
)

// Reactions lists the reactions.
func Reactions() []Reaction { return []Reaction{Like, Collect} }

// Tally is what a note met with so far.
type Tally struct {
	Work       string               `json:"work"`
	Title      string               `json:"title"`
	ReleasedAt int64                `json:"released_at"`
	Views      int64                `json:"views"`
	Likes      int64                `json:"likes"`
	Collects   int64                `json:"collects"`
	Comments   int64                `json:"comments"`
	Sources    map[ViewSource]int64 `json:"sources"`
}

// Record is what a period's reports, decisions and appeals came to. Minutes are medians, -1
// where there is nothing to take one of.
type Record struct {
	Reports         int64
	ReportMinutes   int64 // from a report to the ruling on its case
	Decisions       int64
	DecisionMinutes int64 // from opening a case to its ruling
	Removed         int64 // decisions that refused or removed
	Appeals         int64 // decided ones
	AppealMinutes   int64
	Upheld          int64 // decided appeals in which the decision stood
}
