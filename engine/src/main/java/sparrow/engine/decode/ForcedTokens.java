package sparrow.engine.decode;

import sparrow.engine.interleave.TokenSpace;

/** What a reply says whatever its heads choose: teacher forcing. */
final class ForcedTokens {
    private int[] ids;
    private final DraftVerdicts verdicts;
    private final TokenSpace tokens;

    ForcedTokens(Request request, TokenSpace tokens) {
        this.ids = request.forced();
        this.verdicts = request.verdicts();
        this.tokens = tokens;
    }

    /** What comes at a place of the reply (from 0) where a head chose a token. */
    int token(int place, int chosen) {
        return place < ids.length ? ids[place] : chosen;
    }

    /**
     * What is drafted at a place: the forced token, or a wrong one where the verdicts say so.
     *
     * @param draft which one in its row, from 1
     */
    int draft(int place, int draft, int chosen) {
        if (place >= ids.length) return chosen;
        return verdicts.isRight(place, draft) ? ids[place] : another(ids[place]);
    }

    /** Nothing is forced any more: the reply was taken back and goes another way. */
    void end() {
        ids = new int[0];
    }

    /** A wrong token of the same kind. */
    private int another(int token) {
        int from = tokens.isSpeech(token) ? tokens.speechOffset() : 0;
        int count = from == 0 ? tokens.textTokens() : tokens.codes();
        int other = from + (token - from + 1) % count;
        return tokens.isEnd(other) ? from + (token - from + 2) % count : other;
    }
}
