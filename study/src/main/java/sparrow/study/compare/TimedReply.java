package sparrow.study.compare;

/**
 * The times of one reply that was decoded alone. Seconds since the question was handed over.
 *
 * @param encoded the prompt was ready
 * @param firstToken the first token was decided
 * @param firstAudio the first samples could be played; null if there are none
 * @param decoded the last token was decided
 * @param done the last samples could be played
 * @param tokens decided
 * @param speechSeconds length of the speech
 */
record TimedReply(
        double encoded,
        double firstToken,
        Double firstAudio,
        double decoded,
        double done,
        int tokens,
        double speechSeconds) {
    /** Milliseconds a token, from the first one on; NaN for a reply of one token. */
    double millisPerToken() {
        return tokens < 2 ? Double.NaN : 1e3 * (decoded - firstToken) / (tokens - 1);
    }

    /** Seconds of waiting for a second of speech; NaN for a reply without speech. */
    double perSpeechSecond() {
        return speechSeconds == 0 ? Double.NaN : done / speechSeconds;
    }
}
