package loam_test

import (
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"loam"
)

func TestIDsSortByTime(t *testing.T) {
	t.Parallel()
	text := base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)
	rapid.Check(t, func(t *rapid.T) {
		const year = int64(365 * 24 * time.Hour / time.Millisecond)
		a := rapid.Int64Range(0, 200*year).Draw(t, "a")
		b := rapid.Int64Range(0, 200*year).Draw(t, "b")
		x, y := loam.NewID(time.UnixMilli(a)), loam.NewID(time.UnixMilli(b))
		if a != b && (a < b) != (x < y) {
			t.Fatalf("%d and %d ms gave %s and %s, in another order", a, b, x, y)
		}
		if x == y {
			t.Fatalf("twice %s", x)
		}
		if !loam.IsID(x) {
			t.Fatalf("%s is no id", x)
		}
		raw, err := text.DecodeString(x)
		if err != nil {
			t.Fatal(err)
		}
		// RFC 9562 §5.7: 48 bits of milliseconds, version 7, variant 10.
		var ms int64
		for _, c := range raw[:6] {
			ms = ms<<8 | int64(c)
		}
		if ms != a || raw[6]>>4 != 7 || raw[8]>>6 != 2 {
			t.Fatalf("%x: got time %d, version %d, variant %b; want %d, 7, 10", raw, ms, raw[6]>>4, raw[8]>>6, a)
		}
	})
}

func TestIsID(t *testing.T) {
	t.Parallel()
	id := loam.NewID(time.UnixMilli(1))
	for _, s := range []string{"", id[1:], id + "0", strings.ToUpper(id), id[:25] + "u", id[:25] + "\n", id[:25] + "é", loam.NewSecret()} {
		if loam.IsID(s) && s != id {
			t.Errorf("%q passes for an id", s)
		}
	}
}

func TestSecretsAreLongAndDiffer(t *testing.T) {
	t.Parallel()
	a, b := loam.NewSecret(), loam.NewSecret()
	if len(a) != 32 || a == b {
		t.Errorf("got %q and %q, want two different ones of 32 characters", a, b)
	}
}

func TestDayIsShanghais(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2026, 11, 24, 16, 0, 0, 0, time.UTC).UnixMilli() // 00:00 on the 25th
	if got := loam.Day(midnight); got != "2026-11-25" {
		t.Errorf("got %s, want 2026-11-25", got)
	}
	if got := loam.Day(midnight - 1); got != "2026-11-24" {
		t.Errorf("a millisecond before: got %s, want 2026-11-24", got)
	}
	if got := loam.Clock(func() time.Time { return time.UnixMilli(midnight) }).Now(); got != midnight {
		t.Errorf("clock: got %d, want %d", got, midnight)
	}
}

func TestErrorKinds(t *testing.T) {
	t.Parallel()
	want := []string{"internal", "invalid", "signed_out", "denied", "not_found", "conflict", "gone", "too_large", "too_slow", "limited", "unavailable"}
	last := loam.Unavailable
	if len(loam.Kinds()) != int(last)+1 || len(want) != len(loam.Kinds()) {
		t.Fatalf("%d kinds are listed, the last constant is %d, want %d", len(loam.Kinds()), last, len(want))
	}
	for i, k := range loam.Kinds() {
		if k.String() != want[i] {
			t.Errorf("kind %d: got %q, want %q", i, k, want[i])
		}
		err := fmt.Errorf("outer: %w", loam.Fail(k, "a.b", 1, "x").Because(io.EOF))
		if loam.KindOf(err) != k || loam.CodeOf(err) != "a.b" || !errors.Is(err, io.EOF) {
			t.Errorf("wrapped %s: got kind %s, code %s", k, loam.KindOf(err), loam.CodeOf(err))
		}
		if got, want := err.Error(), `outer: `+want[i]+`: a.b ["1" "x"]: EOF`; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for _, k := range []loam.Kind{-1, last + 1} {
		if got, want := k.String(), fmt.Sprintf("kind(%d)", int(k)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if loam.KindOf(io.EOF) != loam.Internal || loam.CodeOf(io.EOF) != "internal" {
		t.Errorf("an error nobody classified: got %s, %s, want internal", loam.KindOf(io.EOF), loam.CodeOf(io.EOF))
	}
	var zero loam.Kind
	if zero != loam.Internal {
		t.Errorf("the zero kind is %s, want internal", zero)
	}
}

// TestStrongerIsALattice: the stronger of two states is one of them, whichever comes first,
// however they are grouped, and none changes nothing.
func TestStrongerIsALattice(t *testing.T) {
	t.Parallel()
	order := []loam.AIState{loam.NotAI, loam.SuspectedAI, loam.MayAI, loam.IsAI}
	for i, a := range order {
		for j, b := range order {
			if got, want := a.Stronger(b), order[max(i, j)]; got != want {
				t.Errorf("%s and %s: got %s, want %s", a, b, got, want)
			}
			for _, c := range order {
				if a.Stronger(b).Stronger(c) != a.Stronger(b.Stronger(c)) {
					t.Errorf("grouping of %s, %s, %s matters", a, b, c)
				}
			}
		}
		if a.Stronger("") != a || loam.AIState("?").Stronger(a) != a {
			t.Errorf("an unknown state changes %s", a)
		}
	}
	for s, wire := range map[loam.AIState]string{loam.IsAI: "1", loam.MayAI: "2", loam.SuspectedAI: "3", loam.NotAI: "", "?": ""} {
		if s.Wire() != wire {
			t.Errorf("wire of %q: got %q, want %q", s, s.Wire(), wire)
		}
	}
	c := loam.Content{TextAI: loam.SuspectedAI, Assets: []loam.AssetRef{{AI: loam.NotAI}, {AI: loam.MayAI}}}
	if got := c.AI(); got != loam.MayAI {
		t.Errorf("a note is as its strongest part: got %s, want may", got)
	}
}

// TestPermit walks the whole truth table.
func TestPermit(t *testing.T) {
	t.Parallel()
	for _, use := range loam.Uses() {
		for _, asked := range append(loam.Uses(), "") {
			for bits := range 4 {
				allowed, released := bits&1 != 0, bits&2 != 0
				p := loam.Permission{Use: asked, Allowed: allowed}
				if got, want := loam.Permit(use, p, released), allowed && released && use == asked; got != want {
					t.Errorf("%s by %+v, released=%t: got %t, want %t", use, p, released, got, want)
				}
			}
		}
	}
}

// TestNeedsAI lists the uses that feed a model a second time: who adds a use must say on which
// side it stands.
func TestNeedsAI(t *testing.T) {
	t.Parallel()
	feeds := []loam.Use{
		loam.UseRetrieve, loam.UseTrainText, loam.UseTrainImage, loam.UseTrainVideo, loam.UseTrainAudio,
		loam.UseStyle, loam.UseVoice, loam.UseLikeness,
	}
	if len(loam.Uses()) != 12 || len(slices.Compact(slices.Sorted(slices.Values(loam.Uses())))) != 12 {
		t.Fatalf("got %d uses, want 12 different ones: say in this test whether a new one feeds a model", len(loam.Uses()))
	}
	for _, use := range loam.Uses() {
		if got := use.NeedsAI(); got != slices.Contains(feeds, use) {
			t.Errorf("%s feeds a model: %t", use, got)
		}
		if got, want := use.Follows(), use != loam.UseIndex && use != loam.UseRecommend; got != want {
			t.Errorf("a denial of %s follows copies: %t", use, got)
		}
	}
}

func TestSeverityOrdersActions(t *testing.T) {
	t.Parallel()
	for i, a := range []loam.Action{loam.Allow, loam.LimitReach, loam.Review, loam.Block} {
		if a.Severity() != i {
			t.Errorf("%s: got %d, want %d", a, a.Severity(), i)
		}
	}
	if got := loam.Action("pass").Severity(); got != -1 {
		t.Errorf("unknown action: got %d, want -1", got)
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	handles := map[string]bool{
		"a1": true, "mei-mei_2": true, strings.Repeat("a", 24): true,
		"": false, "a": false, "1a": false, "Ab": false, "a b": false, "美美": false, "-ab": false, strings.Repeat("a", 25): false, "ab\n": false,
	}
	for h, ok := range handles {
		if err := loam.CheckHandle(h); (err == nil) != ok || err != nil && loam.KindOf(err) != loam.Invalid {
			t.Errorf("handle %q: got %v, want ok=%t", h, err, ok)
		}
	}
	names := map[string]bool{
		"林": true, strings.Repeat("林", 24): true, "a b": true,
		"": false, " a": false, "a ": false, "a\u202eb": false, "a\x00": false, "\xff": false, "\u3164": false, "a\u115f": false, "...": false, "🍓": true, strings.Repeat("林", 25): false,
	}
	for n, ok := range names {
		if err := loam.CheckName(n); (err == nil) != ok || err != nil && loam.KindOf(err) != loam.Invalid {
			t.Errorf("name %q: got %v, want ok=%t", n, err, ok)
		}
	}
	for n, ok := range map[int]bool{9: false, 10: true, 200: true, 201: false} {
		if err := loam.CheckPassword(strings.Repeat("码", n)); (err == nil) != ok {
			t.Errorf("password of %d characters: got %v, want ok=%t", n, err, ok)
		}
	}
	for _, r := range loam.Roles() {
		if !(loam.Account{Roles: []loam.Role{loam.Admin}}).Has(r) {
			t.Errorf("an administrator is no %s", r)
		}
		if (loam.Account{}).Has(r) {
			t.Errorf("nobody is %s", r)
		}
	}
	if (loam.Account{Roles: []loam.Role{loam.Operator}}).Has(loam.Reviewer) {
		t.Error("an operator reviews")
	}
}

// TestPercent: the parts of a share add up to 100 and none is off by a whole percent.
func TestPercent(t *testing.T) {
	t.Parallel()
	if got := (loam.Share{}).Percent(); got != [3]int{} {
		t.Errorf("of nothing: %v", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 100_000)
		s := loam.Share{Person: n.Draw(t, "person"), Arranged: n.Draw(t, "arranged"), Model: n.Draw(t, "model") + 1}
		got, total := s.Percent(), s.Person+s.Arranged+s.Model
		if got[0]+got[1]+got[2] != 100 {
			t.Fatalf("%+v: %v", s, got)
		}
		for i, part := range []int{s.Person, s.Arranged, s.Model} {
			if off := part*100 - got[i]*total; off >= total || off <= -total {
				t.Fatalf("%+v: %v", s, got)
			}
		}
	})
}
