package terms

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loam"
)

// docs writes a work's terms in each vocabulary as somebody would hand them in.
func docs(t *rapid.T, w *Work) map[Source]string {
	cawg, err := json.Marshal(map[string]any{"entries": inCAWG(w)})
	if err != nil {
		t.Fatal(err)
	}
	return map[Source]string{
		FromRobots: string(Robots([]Work{*w}, "")), FromRSL: string(w.RSL()), FromContentUsage: "Content-Usage: " + w.ContentUsage(),
		FromContentSignal: w.ContentSignal(), FromCAWG: string(cawg), FromTDMRep: string(TDMRep([]Work{*w}, "")),
	}
}

// inCAWG gives the entries as the standard's JSON has them.
func inCAWG(w *Work) map[string]map[string]string {
	out := map[string]map[string]string{}
	for label, u := range w.CAWG() {
		out[label] = map[string]string{"use": u.Use}
		if u.Constraints != "" {
			out[label]["constraint_info"] = u.Constraints
		}
	}
	return out
}

// TestReadAny: whatever vocabulary a work's terms come back in, nothing is opened that is not free,
// and what is added to a document, or cut from it, opens nothing that was closed by what is left.
func TestReadAny(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWork(t)
		for from, doc := range docs(t, &w) {
			s, unread := Read(from, []byte(doc), w.URL, w.Media, w.Domain)
			if len(unread) != 0 {
				t.Fatalf("%s names %q", from, unread)
			}
			opened(t, &w, s)
			cut := doc[:rapid.IntRange(0, len(doc)).Draw(t, "cut")] + rapid.String().Draw(t, "tail")
			s, _ = Read(from, []byte(cut), w.URL, w.Media, w.Domain)
			if len(s) != len(loam.Uses()) {
				t.Fatalf("%s: answers on %d uses", from, len(s))
			}
			for u, heard := range s {
				if heard.Answer == Allow && !slices.Contains(allTraining(), u) && u != loam.UseIndex && u != loam.UseRetrieve && from != FromCAWG {
					t.Fatalf("%s opens %s", from, u)
				}
			}
		}
	})
}

// TestReadDoubt: what cannot be read, says more than is understood, or is not at hand, is a no.
func TestReadDoubt(t *testing.T) {
	t.Parallel()
	const at = "https://ann.example/p/1"
	for _, tt := range []struct {
		name string
		from Source
		doc  string
		want map[loam.Use]Answer
	}{
		{"nothing said of it", FromRobots, "User-agent: *\nDisallow: /q/\n", map[loam.Use]Answer{loam.UseIndex: Unknown, loam.UseTrainText: Unknown}},
		{"turned away", FromRobots, "User-agent: *\nDisallow: /p/\n", map[loam.Use]Answer{loam.UseIndex: Deny, loam.UseThirdParty: Deny}},
		{"a licence elsewhere", FromRobots, "License: https://ann.example/l.xml\n", map[loam.Use]Answer{loam.UseIndex: Deny, loam.UseTrainText: Deny}},
		{"no XML", FromRSL, "not xml", map[loam.Use]Answer{loam.UseIndex: Deny, loam.UseStyle: Deny}},
		{"a field with its name", FromContentUsage, "Content-Usage: train-ai=n", map[loam.Use]Answer{loam.UseTrainText: Deny, loam.UseStyle: Deny, loam.UseIndex: Unknown}},
		{"a field without", FromContentUsage, "train-ai=n", map[loam.Use]Answer{loam.UseTrainText: Deny}},
		{"a signal", FromContentSignal, "content-signal : search=yes, ai-train=no", map[loam.Use]Answer{loam.UseIndex: Allow, loam.UseTrainText: Deny}},
		{"entries alone", FromCAWG, `{"cawg.ai_inference":{"use":"allowed"}}`, map[loam.Use]Answer{loam.UseRetrieve: Allow, loam.UseTrainText: Unknown}},
		{"entries under their name", FromCAWG, `{"entries":{"cawg.ai_generative_training":{"use":"notAllowed"}},"metadata":{}}`, map[loam.Use]Answer{loam.UseTrainText: Deny}},
		{"a condition", FromCAWG, `{"entries":{"cawg.ai_inference":{"use":"allowed","constraints_info":"ask"}}}`, map[loam.Use]Answer{loam.UseRetrieve: Deny}},
		{"a label twice", FromCAWG, `{"cawg.ai_inference":{"use":"notAllowed"},"cawg.ai_inference":{"use":"allowed"}}`, map[loam.Use]Answer{loam.UseRetrieve: Deny}},
		{"a use twice", FromCAWG, `{"cawg.ai_inference":{"use":"notAllowed","use":"allowed"}}`, map[loam.Use]Answer{loam.UseRetrieve: Deny}},
		{"no assertion", FromCAWG, `[]`, map[loam.Use]Answer{loam.UseRetrieve: Deny, loam.UseTrainText: Deny, loam.UseVoice: Deny, loam.UseIndex: Unknown}},
		{"an empty one", FromCAWG, `{}`, map[loam.Use]Answer{loam.UseRetrieve: Deny}},
		{"something behind it", FromCAWG, `{"cawg.ai_inference":{"use":"allowed"}} x`, map[loam.Use]Answer{loam.UseRetrieve: Deny}},
		{"too long", FromContentUsage, strings.Repeat(" ", MaxDoc+1), map[loam.Use]Answer{loam.UseIndex: Deny, loam.UseThirdParty: Deny}},
		{"a source nobody knows", "morse", "", map[loam.Use]Answer{loam.UseIndex: Deny}},
	} {
		s, _ := Read(tt.from, []byte(tt.doc), at, Media(), "")
		for u, want := range tt.want {
			if s[u].Answer != want {
				t.Errorf("%s: %s is %s, want %s", tt.name, u, s[u].Answer, want)
			}
		}
	}
	if _, unread := Read(FromRobots, []byte("License: https://ann.example/l.xml"), at, nil, ""); !slices.Equal(unread, []string{"https://ann.example/l.xml"}) {
		t.Errorf("not at hand: %q", unread)
	}
}

// FuzzAssertion: JSON of any form is answered on every use, and a no in it is heard whatever stands
// beside it.
func FuzzAssertion(f *testing.F) {
	for _, seed := range []string{`{"entries":{"cawg.ai_inference":{"use":"allowed"}}}`, `{"cawg.data_mining":{"use":"constrained","constraint_info":"x"}}`, `{"a":{"use":1}}`, "{", `{"entries":{}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		s, _ := Read(FromCAWG, doc, "", Media(), "example.loam")
		if len(s) != len(loam.Uses()) {
			t.Fatalf("answers on %d uses", len(s))
		}
		if _, err := assertion(doc); err != nil && s[loam.UseRetrieve].Answer != Deny {
			t.Fatalf("what cannot be read is %s", s[loam.UseRetrieve].Answer)
		}
	})
}
