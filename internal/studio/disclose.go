package studio

import (
	"regexp"
	"strings"

	"loam"
)

// disclosed is who paid for what a note is about, by her answer to 自费还是送的 or, where
// she was not asked, by her own words: nil while the question stands. A kind of note that
// does not ask it has nothing to disclose.
func (n *note) disclosed() *loam.Sponsorship {
	none := loam.Sponsorship("")
	asks := false
	for _, q := range questions(n.kind) {
		asks = asks || q.slot == "paid"
	}
	if !asks {
		return &none
	}
	for _, a := range n.input.Answers {
		if a.Slot == "paid" && hasWord(a.Text) {
			return whoPaid(a.Text, answerPaid)
		}
	}
	if s := whoPaid(n.words(), tellsPaid); s != nil {
		return s
	}
	if n.kind == loam.KindShop && n.name() == nil { // a shop without a name advertises none
		return &none
	}
	return nil
}

// paidWords are words for who paid, what obliges most first: of 一支自费，一支品牌送的 the gift
// is to be told.
type paidWords []struct {
	who   loam.Sponsorship
	words *regexp.Regexp
}

// In an answer 送的 says who paid; in a note it may be the biscuit beside the coffee, so there
// only what cannot be read otherwise counts.
var (
	answerPaid = paidWords{
		{loam.Sponsored, regexp.MustCompile(`(?i)付费合作|商务合作|合作|广告|推广|商单|恰饭|稿费|收了?钱|收费|报酬|佣金|赞助|sponsor|\bads?\b|advert|paid (?:partner|collab|promo|post)|commission|partnership`)},
		{loam.Gifted, regexp.MustCompile(`(?i)送的?|赠|寄来|寄的|给的|试用|体验装|置换|样品|免费|免单|gift|for free|\bfree\b|sample|\b(?:sent|given)\b|\bPR\b`)},
		{loam.OwnMoney, regexp.MustCompile(`(?i)自费|自购|自掏|自己[花掏出付买]|我(?:自己)?买|买的|花钱买|own money|my own|myself|\b(?:i|we) (?:bought|paid)|\bbought\b|self[- ]?(?:paid|funded)`)},
	}
	tellsPaid = paidWords{
		{loam.Sponsored, regexp.MustCompile(`付费合作|商务合作|品牌合作|合作推广|商单|收了?(?:品牌|商家|店家)的?钱`)},
		{loam.Gifted, regexp.MustCompile(`(?:品牌方?|商家|店家|厂家|官方)(?:免费)?(?:送|赠|寄|给)|赠送的`)},
		{loam.OwnMoney, regexp.MustCompile(`自费|自购|自掏腰包|自己花钱`)},
	}
)

// denied ends what stands before a word that is denied: 不是广告, no ad.
var denied = regexp.MustCompile(`(?i)(?:不是?|没有?|非|无|未|别|\bnot?|\bnever|\bwithout|n't)\s*(?:收|做|接|任何|品牌方?|商家|店家|in|a|an|any|paid|sent|been)?\s*$`)

// friends are people whose presents oblige to nothing.
var friends = regexp.MustCompile(`(?i)朋友|同事|同学|闺蜜|男友|女友|老公|老婆|家人|爸|妈|姐|妹|哥|弟|friend|mother|mum|mom|dad|sister|brother|husband|wife`)

// whoPaid reads who paid out of a text; nil where it does not say, or says it in a way only
// she can tell: she chooses then.
func whoPaid(text string, by paidWords) *loam.Sponsorship {
	for _, p := range by {
		for _, at := range p.words.FindAllStringIndex(text, -1) {
			before := text[strings.LastIndexAny(text[:at[0]], "，。；、,.;\n")+1 : at[0]]
			if denied.MatchString(before) {
				continue
			}
			if p.who == loam.Gifted && friends.MatchString(before) {
				return nil
			}
			return &p.who
		}
	}
	return nil
}
