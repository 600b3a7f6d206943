package media

import (
	"bytes"
	"testing"

	"loam"
)

// onlyLabel writes the strict label into a file and holds the result to what every writer
// promises: one strict label, the same bytes when written again, and again after another,
// longer label stood there in between.
func onlyLabel(tb testing.TB, name string, in []byte, opts ...Option) []byte {
	tb.Helper()
	out := planned(tb, name, in, strictMark(), opts...)
	if again := planned(tb, name, out, strictMark(), opts...); !bytes.Equal(out, again) {
		tb.Errorf("%s: a second write changes the file: %d bytes, then %d", name, len(out), len(again))
	}
	longer := strictMark()
	longer.PropagateID = "another-and-a-rather-longer-number-of-this-content"
	between := planned(tb, name, out, longer, opts...)
	back := planned(tb, name, between, strictMark(), opts...)
	if len(back) > len(between)+2*tagPadding {
		tb.Errorf("%s: grows with every write: %d bytes, then %d", name, len(between), len(back))
	}
	return out
}

// planned writes a label and reads it back strictly.
func planned(tb testing.TB, name string, in []byte, m loam.Mark, opts ...Option) []byte {
	tb.Helper()
	before, _, err := Marks(bytes.NewReader(in))
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	e, err := Plan(bytes.NewReader(in), m, opts...)
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	out, err := e.Bytes()
	if err != nil || int64(len(out)) != e.Size() {
		tb.Fatalf("%s: %d bytes of %d, %v", name, len(out), e.Size(), err)
	}
	after, found, err := Marks(bytes.NewReader(out))
	labels := implicit(found)
	if err != nil || after != before || len(labels) != 1 || !labels[0].Strict() || labels[0].Mark != m {
		tb.Fatalf("%s: %s, then %s: read back %+v, %v", name, before, after, found, err)
	}
	return out
}

// reads holds what a reader finds: each label's place and defects, in order.
func reads(tb testing.TB, name string, in []byte, want ...string) {
	tb.Helper()
	_, found, err := Marks(bytes.NewReader(in))
	if err != nil {
		tb.Errorf("%s: %v", name, err)
	}
	var got []string
	for _, f := range found {
		s := f.Place
		for _, d := range f.Defects {
			s += " " + d.Code
		}
		got = append(got, s)
	}
	diff(tb, name, want, got)
}

// neverPanics is the body of a container's fuzz target: what is found, and what is written,
// is read back as the only label, strictly.
func neverPanics(t *testing.T, b []byte) {
	t.Helper()
	_, found, err := Marks(bytes.NewReader(b))
	if len(found) > 3*maxMarks {
		t.Fatalf("%d labels", len(found))
	}
	e, bad := Plan(bytes.NewReader(b), strictMark())
	if bad != nil {
		if c := loam.KindOf(bad); c != loam.Invalid && c != loam.TooLarge {
			t.Fatalf("Plan: %v", bad)
		}
		return
	}
	if err != nil {
		t.Fatalf("written, though it cannot be read: %v", err)
	}
	out, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	_, found, err = Marks(bytes.NewReader(out))
	if labels := implicit(found); err != nil || len(labels) != 1 || !labels[0].Strict() || labels[0].Mark != strictMark() {
		t.Fatalf("read back %+v, %v from %q", found, err, out)
	}
	again, err := Plan(bytes.NewReader(out), strictMark())
	if err != nil {
		t.Fatalf("a second time: %v", err)
	}
	if second, err := again.Bytes(); err != nil || !bytes.Equal(second, out) {
		t.Fatalf("a second write changes %q to %q (%v)", out, second, err)
	}
}
