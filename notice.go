package loam

import "slices"

// Right is what a takedown notice says is infringed.
type Right string

// The rights.
const (
	RightCopyright  Right = "copyright"
	RightLikeness   Right = "likeness"
	RightVoice      Right = "voice"
	RightReputation Right = "reputation"
	RightPrivacy    Right = "privacy"
	RightTrademark  Right = "trademark"
	RightOther      Right = "other"
)

// Rights lists the rights in the order pages show them.
func Rights() []Right {
	return []Right{RightCopyright, RightLikeness, RightVoice, RightReputation, RightPrivacy, RightTrademark, RightOther}
}

// Risk is what the queue and the lists file an infringement of the right under.
func (r Right) Risk() Risk {
	switch r {
	case RightLikeness, RightVoice:
		return Likeness
	case RightPrivacy:
		return Privacy
	case RightReputation:
		return Abuse
	default:
		return IP
	}
}

// Standing is by what title somebody sends a notice.
type Standing string

// The titles.
const (
	AsOwner    Standing = "owner"
	AsLicensee Standing = "licensee"
	AsAgent    Standing = "agent"
	AsGuardian Standing = "guardian"
)

// Standings lists the titles in the order pages show them.
func Standings() []Standing { return []Standing{AsOwner, AsLicensee, AsAgent, AsGuardian} }

// FrozenUses are what a notice freezes when it comes in: what one can earn by or learn from.
// Whether readers find the work is no stranger's to decide.
func FrozenUses() []Use {
	return slices.DeleteFunc(Uses(), func(u Use) bool { return slices.Contains(FoundUses(), u) })
}

// FoundUses are how readers come upon a work: a reviewer may freeze them.
func FoundUses() []Use { return []Use{UseIndex, UseRecommend, UseRetrieve} }

// Bounds of a notice.
const (
	NoticeWorks = 20   // works in one
	NoticeText  = 5000 // characters of a text
	NoticeLinks = 5    // addresses given as evidence
	NoticeName  = 100  // characters of a name
	NoticeLine  = 500  // characters of a contact or an address
	// OpenClaims is how many claims under way one network address, or one account, may have.
	OpenClaims = 20
	// NoticeAgain is for how many days the same claim is not taken in again after it was dismissed.
	NoticeAgain = 30
)

// Notice asks for works to be taken down (Civil Code Art. 1195: preliminary evidence and true
// identity). Who sends it needs no account. Contact and Address are a reviewer's to know.
type Notice struct {
	ID          string   `json:"id"`
	Right       Right    `json:"right"`
	Name        string   `json:"name"`
	Contact     string   `json:"contact"`
	Standing    Standing `json:"standing"`
	Text        string   `json:"text"`
	Links       []string `json:"links"`
	At          int64    `json:"at"`
	WithdrawnAt int64    `json:"withdrawn_at"`
	Claims      []Claim  `json:"claims"` // one for each work
	Account     string   `json:"-"`      // of who sent it, "" if she was not signed in
	Address     string   `json:"-"`      // of the network, forgotten when nothing is under way; a day after a withdrawal, NoticeAgain days after a reviewer's decision
}

// Claim is a Notice about one work, and where it stands. Times are 0 while they have not come.
type Claim struct {
	ID          string     `json:"id"`
	Notice      string     `json:"notice"`
	Right       Right      `json:"right"`
	Work        string     `json:"work"`
	Title       string     `json:"title"` // of the work
	Owner       string     `json:"-"`
	State       ClaimState `json:"state"`
	Reason      string     `json:"reason"`       // of the last decision
	Question    string     `json:"question"`     // what a reviewer asks of who sent the notice, "" for nothing
	At          int64      `json:"at"`           // received, and forwarded to the uploader in the same moment
	FirstAt     int64      `json:"first_at"`     // of a reviewer's first measure or decision
	DecidedAt   int64      `json:"decided_at"`   // of the decision, of the later one where it was overturned
	CounteredAt int64      `json:"countered_at"` // of the uploader's counter-notice
	AnsweredAt  int64      `json:"answered_at"`  // of the last answer to it or to a question
	RestoreAt   int64      `json:"restore_at"`   // when the work comes back unless the counter-notice is answered
	EndedAt     int64      `json:"ended_at"`     // since when nothing follows from it any more
	Pleadings   []Pleading `json:"pleadings"`
}

// Side is who says something on a Claim.
type Side string

// The sides.
const (
	Claimant Side = "claimant"
	Uploader Side = "uploader"
)

// Pleading is what one side said on a Claim: the uploader's counter-notice (E-Commerce Law Art. 43),
// the claimant's answers.
type Pleading struct {
	Side  Side     `json:"side"`
	Text  string   `json:"text"`
	Links []string `json:"links"`
	At    int64    `json:"at"`
}

// ClaimState is where a Claim stands.
type ClaimState string

// The states of a Claim.
const (
	ClaimOpen      ClaimState = "open"      // waits for a reviewer, or for an answer to her question
	ClaimPaused    ClaimState = "paused"    // undecided, and readers do not come upon the work meanwhile
	ClaimUpheld    ClaimState = "upheld"    // the work is taken down
	ClaimDismissed ClaimState = "dismissed" // it never was
	ClaimRestored  ClaimState = "restored"  // it came back
	ClaimWithdrawn ClaimState = "withdrawn" // the claimant took the notice back
)

// ClaimStates lists the states.
func ClaimStates() []ClaimState {
	return []ClaimState{ClaimOpen, ClaimPaused, ClaimUpheld, ClaimDismissed, ClaimRestored, ClaimWithdrawn}
}

// ClaimStep is one move of a Claim.
type ClaimStep string

// The steps.
const (
	ClaimAsk     ClaimStep = "ask"     // a reviewer wants to know more
	ClaimPause   ClaimStep = "pause"   // a reviewer's measure before she decides
	ClaimUphold  ClaimStep = "uphold"  // decided for the claimant
	ClaimDismiss ClaimStep = "dismiss" // decided for the uploader
	ClaimRetract ClaimStep = "retract" // taken back by the claimant
	ClaimLapse   ClaimStep = "lapse"   // the counter-notice was not answered in time
)

// ClaimSteps lists the steps.
func ClaimSteps() []ClaimStep {
	return []ClaimStep{ClaimAsk, ClaimPause, ClaimUphold, ClaimDismiss, ClaimRetract, ClaimLapse}
}

// claimSteps is the one table of a Claim's moves; what is not in it is refused.
var claimSteps = map[ClaimState]map[ClaimStep]ClaimState{
	ClaimOpen:      {ClaimAsk: ClaimOpen, ClaimPause: ClaimPaused, ClaimUphold: ClaimUpheld, ClaimDismiss: ClaimDismissed, ClaimRetract: ClaimWithdrawn},
	ClaimPaused:    {ClaimAsk: ClaimPaused, ClaimPause: ClaimPaused, ClaimUphold: ClaimUpheld, ClaimDismiss: ClaimDismissed, ClaimRetract: ClaimWithdrawn},
	ClaimUpheld:    {ClaimAsk: ClaimUpheld, ClaimUphold: ClaimUpheld, ClaimDismiss: ClaimRestored, ClaimRetract: ClaimWithdrawn, ClaimLapse: ClaimRestored},
	ClaimDismissed: {},
	ClaimRestored:  {},
	ClaimWithdrawn: {},
}

// Next is the state a step leads to, or a Conflict if the step is not allowed from here.
func (s ClaimState) Next(step ClaimStep) (ClaimState, error) {
	if to, ok := claimSteps[s][step]; ok {
		return to, nil
	}
	return "", Fail(Conflict, "claim.step", step, s)
}

// Allows reports whether a step is allowed from here.
func (s ClaimState) Allows(step ClaimStep) bool {
	_, ok := claimSteps[s][step]
	return ok
}

// Over reports whether nothing can follow any more.
func (s ClaimState) Over() bool { return len(claimSteps[s]) == 0 }

// Waits reports whether the uploader may still counter the claim.
func (k *Claim) Waits() bool {
	return k.CounteredAt == 0 && !k.State.Over()
}

// ClaimPlace is a claim in a list of them, and whether it waited for its uploader when it was read: by
// the time the next page is asked for it may have been countered.
type ClaimPlace struct {
	Waited bool
	ID     string
}

// Place is where the claim stands in a list as it was read.
func (k *Claim) Place() ClaimPlace { return ClaimPlace{k.Waits(), k.ID} }

// Undecided reports whether nobody has decided yet.
func (s ClaimState) Undecided() bool { return s == ClaimOpen || s == ClaimPaused }

// ReasonUrgent is the reason code of a measure before the decision.
const ReasonUrgent = "urgent"

// ClaimReasons lists the reason codes of a ruling on a claim. Those of limit but ReasonUrgent are
// questions to the claimant.
func ClaimReasons(r Ruling) []string {
	switch r {
	case RuleRemove:
		return []string{"infringes", "admitted", "court"}
	case RuleAllow:
		return []string{"unproven", "permitted", "earlier", "citation", "mistaken"}
	case RuleLimit:
		return []string{ReasonUrgent, "evidence", "identity", "standing", "works"}
	}
	return nil
}

// ClaimStepOf is the step a ruling on a claim is, by its reason; false for a reason that does not
// belong to the ruling.
func ClaimStepOf(r Ruling, reason string) (ClaimStep, bool) {
	if !slices.Contains(ClaimReasons(r), reason) {
		return "", false
	}
	switch {
	case r == RuleRemove:
		return ClaimUphold, true
	case r == RuleAllow:
		return ClaimDismiss, true
	case reason == ReasonUrgent:
		return ClaimPause, true
	}
	return ClaimAsk, true
}

// NoticeRules are the clocks and numbers of notices, times in milliseconds.
type NoticeRules struct {
	Wait   int64 // for the answer to a counter-notice (E-Commerce Law Art. 43: 15 days) or to a question
	Repeat int   // upheld notices that make a repeat infringer
	Within int64 // the time in which they fall
	Pause  int64 // for which she may not publish then
	Keep   int64 // for which it is known how to reach a claimant after the last that happened (Civil Code Art. 188: three years)
}

// DayMillis is 24 hours in milliseconds.
const DayMillis = 24 * 60 * 60 * 1000

// DefaultNoticeRules are the rules where nothing is configured.
func DefaultNoticeRules() NoticeRules {
	return NoticeRules{Wait: 15 * DayMillis, Repeat: 3, Within: 180 * DayMillis, Pause: 30 * DayMillis, Keep: 1095 * DayMillis}
}

// Suspension keeps an account from publishing for a time; what was published stays.
type Suspension struct {
	ID         string  `json:"id"`
	At         int64   `json:"at"`
	Until      int64   `json:"until"`
	LiftedAt   int64   `json:"lifted_at"`
	Claims     []Claim `json:"claims"` // the upheld ones it rests on
	Appeal     string  `json:"appeal"` // her words, "" if she has not appealed
	AppealedAt int64   `json:"appealed_at"`
	Outcome    string  `json:"outcome"` // of the appeal: "" open or none, upheld (it stands) or overturned
}

// Registration is where a work stands in the ledger, beside how much another's is like it.
type Registration struct {
	Work   string `json:"work"`
	Title  string `json:"title"`
	Handle string `json:"handle"`
	At     int64  `json:"at"`
	Place  int64  `json:"place"` // its leaf's index, -1 until it is there
	Alike  int    `json:"alike"` // parts of the sketch and pictures they share; 0 for the work itself
}
