package loam

// State is where a Version stands on the line. Whether its labels are done and whether
// a person confirmed it are facts beside the state, not states: they come in any order.
type State string

// The states of a Version.
const (
	Submitted State = "submitted" // frozen; screening and labelling run
	Held      State = "held"      // the verdict asks for a person
	Cleared   State = "cleared"   // verdict or decision allows it; not yet with readers
	Released  State = "released"  // readers see it
	Refused   State = "refused"   // verdict or decision forbids it; may be appealed
	Removed   State = "removed"   // taken down after release; may be appealed
	Failed    State = "failed"    // a stage gave up; an operator may retry
	Withdrawn State = "withdrawn" // its creator took it back or edited it
)

// Step is one move of a Version along the line.
type Step string

// The steps.
const (
	Pass     Step = "pass"     // verdict or decision: allow
	Limit    Step = "limit"    // verdict or decision: allow, not recommended
	Hold     Step = "hold"     // verdict: a person must look
	Refuse   Step = "refuse"   // verdict block, or decision remove before release
	Publish  Step = "publish"  // confirmed, labelled and cleared: out to readers
	Remove   Step = "remove"   // decision or takedown after release
	Restore  Step = "restore"  // a won appeal
	GiveUp   Step = "give_up"  // a stage's job is dead
	Retry    Step = "retry"    // an operator starts the stage again
	Withdraw Step = "withdraw" // the creator takes it back, or edits and so replaces it
)

// steps is the one table of allowed moves; what is not in it is refused.
var steps = map[State]map[Step]State{
	Submitted: {Pass: Cleared, Limit: Cleared, Hold: Held, Refuse: Refused, GiveUp: Failed, Withdraw: Withdrawn},
	Held:      {Pass: Cleared, Limit: Cleared, Refuse: Refused, Withdraw: Withdrawn},
	Cleared:   {Publish: Released, Refuse: Refused, Withdraw: Withdrawn, GiveUp: Failed},
	Released:  {Limit: Released, Pass: Released, Remove: Removed, Withdraw: Withdrawn},
	Refused:   {Restore: Cleared, Withdraw: Withdrawn},
	Removed:   {Restore: Released, Withdraw: Withdrawn},
	Failed:    {Retry: Submitted, Withdraw: Withdrawn},
	Withdrawn: {},
}

// States lists every state in the order of the line.
func States() []State {
	return []State{Submitted, Held, Cleared, Released, Refused, Removed, Failed, Withdrawn}
}

// Steps lists every step.
func Steps() []Step {
	return []Step{Pass, Limit, Hold, Refuse, Publish, Remove, Restore, GiveUp, Retry, Withdraw}
}

// Next is the state a step leads to, or a Conflict if the step is not allowed from here.
func (s State) Next(step Step) (State, error) {
	if to, ok := steps[s][step]; ok {
		return to, nil
	}
	return "", Fail(Conflict, "step.not_allowed", step, s)
}

// Allows reports whether a step is allowed from here.
func (s State) Allows(step Step) bool {
	_, ok := steps[s][step]
	return ok
}

// Gate is everything a Release asks of a Version. All three must hold in one
// transaction; whichever comes last releases it.
type Gate struct {
	State     State
	Labelled  bool // labels written and read back
	Confirmed bool // a signed-in person confirmed this very release hash
}

// Open reports whether the Version may be released now.
func (g Gate) Open() bool { return g.State == Cleared && g.Labelled && g.Confirmed }
