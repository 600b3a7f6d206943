package web

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"loam"
)

// A reader is told which part of a note its notice is about.
func TestMarkedParts(t *testing.T) {
	t.Parallel()
	picture := func(s ...loam.AIState) (out []loam.AssetRef) {
		for _, ai := range s {
			out = append(out, loam.AssetRef{AI: ai})
		}
		return out
	}
	for name, c := range map[string]struct {
		of   loam.Content
		want []string
	}{
		"nothing is marked": {loam.Content{TextAI: loam.NotAI, Assets: picture(loam.NotAI)}, nil},
		"the words alone":   {loam.Content{TextAI: loam.IsAI, Assets: picture(loam.NotAI, loam.NotAI)}, []string{"The label is about the words"}},
		"one of three":      {loam.Content{TextAI: loam.NotAI, Assets: picture(loam.NotAI, loam.IsAI, loam.NotAI)}, []string{"The label is about picture 2"}},
		"the only picture":  {loam.Content{TextAI: loam.NotAI, Assets: picture(loam.SuspectedAI)}, []string{"The label is about the picture"}},
		"of three states": {
			loam.Content{TextAI: loam.MayAI, Assets: picture(loam.IsAI, loam.SuspectedAI)},
			[]string{"The label is about picture 1", notice("en", loam.MayAI) + ": the words", notice("en", loam.SuspectedAI) + ": picture 2"},
		},
	} {
		if got := marked("en", c.of); !cmp.Equal(got, c.want) {
			t.Errorf("%s: %s", name, cmp.Diff(c.want, got))
		}
	}
}
