package storetest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"loam"
	"loam/internal/ledger"
)

// claimsWander walks random acts on claims of several works: the states follow the table, readers
// see a work exactly while no upheld claim removed it, the fold of the log agrees with the lists,
// and the figures a stranger counts are those of the claims.
func claimsWander(t *testing.T, b *bundle) {
	ctx := t.Context()
	r := rand.New(rand.NewPCG(7, 8))
	b.SetNoticeRules(loam.NoticeRules{Wait: 3 * day.Milliseconds(), Repeat: 1 << 30, Within: 1, Pause: 1})
	versions := []loam.Version{b.release(t, "a"), b.release(t, "b")}
	works := []string{versions[0].Work, versions[1].Work}
	model := map[string]loam.ClaimState{}
	numbers, decided := []string{}, map[string]bool{}
	step := func(number string, s loam.ClaimStep) bool {
		to, err := model[number].Next(s)
		if err == nil {
			model[number] = to
		}
		return err == nil
	}
	for range 150 {
		if len(numbers) == 0 || r.IntN(8) == 0 {
			number := fmt.Sprint("n", len(numbers))
			work := works[r.IntN(len(works))]
			n := notice(number)
			n.Address = ""
			_, err := b.FileNotice(ctx, n, []string{work}, number)
			if _, gone := b.ByWork(ctx, work); (err == nil) != (gone == nil) {
				t.Fatalf("a notice about what is seen: %v, %v", gone, err)
			}
			if err == nil {
				numbers, model[number] = append(numbers, number), loam.ClaimOpen
			}
			continue
		}
		number := numbers[r.IntN(len(numbers))]
		k := b.claimOf(t, number)
		switch r.IntN(6) {
		case 0:
			err := b.Counter(ctx, b.author.ID, k.ID, loam.Pleading{Text: "反"})
			if (err == nil) != (!model[number].Over() && k.CounteredAt == 0) {
				t.Fatalf("countering %+v: %v", k, err)
			}
		case 1:
			err := b.Answer(ctx, number, k.ID, loam.Pleading{Text: "答"})
			if (err == nil) != (!model[number].Over() && (k.Question != "" || k.CounteredAt > k.AnsweredAt)) {
				t.Fatalf("answering %+v: %v", k, err)
			}
		case 2:
			if err := b.WithdrawNotice(ctx, number); (err == nil) != step(number, loam.ClaimRetract) {
				t.Fatalf("withdrawing %+v: %v", k, err)
			}
		case 3:
			b.clock.Pass(time.Duration(r.IntN(3)) * day)
			now := b.clock.Now().UnixMilli()
			for _, n := range numbers {
				if c := b.claimOf(t, n); c.RestoreAt > 0 && c.RestoreAt <= now {
					step(n, loam.ClaimLapse)
				}
			}
			must(t, b.SweepNotices(ctx))
		default:
			who := []loam.Account{b.ana, b.bo}[r.IntN(2)]
			if b.claimCase(t, who, k.ID) == "" {
				continue
			}
			ruling := loam.Rulings()[r.IntN(3)]
			reasons := loam.ClaimReasons(ruling)
			reason := reasons[r.IntN(len(reasons))]
			s, _ := loam.ClaimStepOf(ruling, reason)
			if _, err := model[number].Next(s); err != nil {
				continue // the store refuses it: claimDecided
			}
			b.rules(t, who, k.ID, ruling, reason, "")
			step(number, s)
			decided[number] = decided[number] || s == loam.ClaimUphold || s == loam.ClaimDismiss
		}
		b.clock.Pass(time.Second)
		b.wandered(t, numbers, model, works)
	}
	var tally ledger.NoticeTally
	leaves, err := b.WaitingLeaves(ctx, 100_000)
	must(t, err)
	for _, w := range leaves {
		l, err := ledger.Decode(w.Leaf)
		must(t, err)
		tally.Add(&l)
	}
	upheld := int64(0)
	for _, s := range model {
		if s == loam.ClaimUpheld {
			upheld++
		}
	}
	if f := tally.Figures(); f.Claims != int64(len(numbers)) || f.Upheld != upheld || f.Decided != int64(count(decided)) {
		t.Errorf("a stranger counts %+v, of %d claims %d are decided, %d upheld", f, len(numbers), count(decided), upheld)
	}
}

func count(m map[string]bool) (n int) {
	for _, yes := range m {
		if yes {
			n++
		}
	}
	return n
}

// wandered compares claims with the model, and what readers see with the claims.
func (b *bundle) wandered(t *testing.T, numbers []string, model map[string]loam.ClaimState, works []string) {
	t.Helper()
	away := map[string]bool{}
	for _, number := range numbers {
		k := b.claimOf(t, number)
		if k.State != model[number] {
			t.Fatalf("%s is %s, want %s", number, k.State, model[number])
		}
		if k.State.Over() != (k.EndedAt > 0) || k.State.Over() && k.RestoreAt > 0 {
			t.Fatalf("the clocks of %+v", k)
		}
		away[k.Work] = away[k.Work] || k.State == loam.ClaimUpheld
	}
	for _, work := range works {
		if _, err := b.ByWork(t.Context(), work); (err == nil) == away[work] {
			t.Fatalf("an upheld claim is there: %v, readers: %v", away[work], err)
		}
	}
	b.agree(t, works)
}
