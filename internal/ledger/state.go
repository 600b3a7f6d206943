package ledger

import "loam"

// uses is how many uses a state tells apart; slot places each.
const uses = 12

// slot is a use's place in a state's rows, -1 for one it does not know.
func slot(u loam.Use) int {
	switch u {
	case loam.UseIndex:
		return 0
	case loam.UseRecommend:
		return 1
	case loam.UseRetrieve:
		return 2
	case loam.UseTrainText:
		return 3
	case loam.UseTrainImage:
		return 4
	case loam.UseTrainVideo:
		return 5
	case loam.UseTrainAudio:
		return 6
	case loam.UseStyle:
		return 7
	case loam.UseVoice:
		return 8
	case loam.UseLikeness:
		return 9
	case loam.UseCommercial:
		return 10
	case loam.UseThirdParty:
		return 11
	}
	return -1
}

// mask is a set of uses, by slot.
type mask uint16

func maskOf(list []loam.Use) mask {
	var m mask
	for _, u := range list {
		if i := slot(u); i >= 0 {
			m |= 1 << i
		}
	}
	return m
}

// State is the fold of a log's leaves: what holds for every work. It takes about 250 bytes a
// work. It is not safe for use by several goroutines while leaves are applied.
type State struct {
	size      int64
	witnessed int64
	seen      map[ID]struct{}

	works       map[ID]uint32
	work        []workState
	accounts    map[ID]uint32
	account     []accountState
	collections map[collectionID]uint32
	collection  []row
	keys        map[uint32][]Hash // active keys by account; present though empty once it had any

	acts     []act // [0] stands for none
	cards    map[Hash]uint32
	card     []Hash
	guards   []guard // [0] protects nothing
	disputes map[ID]disputeRef
	covers   [Brand + 1]mask
}

// row holds, for each use, which act decided last; 0 for none.
type row [uses]uint32

type workState struct {
	id                ID
	owner, collection uint32
	guard             uint32
	first             int64
	row
}

type accountState struct {
	id    ID
	guard uint32
	row
}

// collectionID keeps collections of one name apart by account, so that nobody decides for
// another's.
type collectionID struct {
	account uint32
	id      ID
}

// act is a grant or revoke as the decision rule needs it.
type act struct {
	index       int64
	from, until int64
	card        uint32
	reason      Reason
	evidence    Evidence
	price       Price
	attribution bool
}

// guard is what denies before any grant is looked at. Indexes are kept plus one, 0 for none.
type guard struct {
	erased    int64
	protected [Brand + 1]int64
	disputes  []dispute
}

type dispute struct {
	opened, ruled int64 // indexes plus one
	asked, denied mask
}

type disputeRef struct {
	work uint32
	n    int
}

// NewState is the state of an empty log.
func NewState() *State {
	s := &State{
		seen: map[ID]struct{}{}, works: map[ID]uint32{}, accounts: map[ID]uint32{}, collections: map[collectionID]uint32{},
		keys: map[uint32][]Hash{}, cards: map[Hash]uint32{}, disputes: map[ID]disputeRef{},
		collection: make([]row, 1), acts: make([]act, 1), guards: make([]guard, 1),
	}
	for p := Minor; p <= Brand; p++ {
		for _, u := range loam.Uses() {
			if p.Covers(u) {
				s.covers[p] |= 1 << slot(u)
			}
		}
	}
	return s
}

// Size is one more than the index of the last leaf applied.
func (s *State) Size() int64 { return s.size }

// Witness says that leaves below a size stand under a checkpoint others have signed: what was
// logged there counts as witnessed.
func (s *State) Witness(size int64) { s.witnessed = max(s.witnessed, size) }

// Owner is the account a work was first registered by.
func (s *State) Owner(work ID) (ID, bool) {
	i, ok := s.works[work]
	if !ok {
		return ID{}, false
	}
	return s.account[s.work[i].owner].id, true
}
