package web

import "loam/internal/studio"

// speak says the writer's reasons, questions and checks in a language; the writer itself
// writes Chinese. What has no sentence keeps its own words.
func speak(lang string, a *studio.Arranged, checks []studio.Check) {
	if lang == "zh" {
		return
	}
	say := func(to *string, code string, args ...string) {
		if s := sentence(lang, code, args...); s != code {
			*to = s
		}
	}
	for i := range a.Titles {
		code := "why." + a.Titles[i].Family
		if len(a.Titles[i].Rests) == 5 {
			code += "_above"
		}
		say(&a.Titles[i].Why, code, a.Titles[i].Rests...)
	}
	for i := range a.Tags {
		say(&a.Tags[i].Why, a.Tags[i].Code)
	}
	for i := range a.Asks {
		say(&a.Asks[i].Text, a.Asks[i].Code, a.Asks[i].Args...)
		if code := a.Asks[i].Code + ".why"; sentence(lang, code) != code {
			say(&a.Asks[i].Why, code)
		} else {
			say(&a.Asks[i].Why, "ask.why")
		}
	}
	for _, list := range [][]studio.Check{a.Checks, checks} {
		for i := range list {
			say(&list[i].Text, list[i].Code, list[i].Args...)
		}
	}
}
