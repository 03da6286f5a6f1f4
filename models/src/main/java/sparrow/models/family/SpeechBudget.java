package sparrow.models.family;

/**
 * How much speech a reply can need.
 *
 * @param codesPerCharacter speech codes for each character of its text, as {@link sparrow.engine.text.SpokenLength} counts
 * @param slackSeconds seconds of speech beyond that
 */
public record SpeechBudget(double codesPerCharacter, double slackSeconds) {
    public SpeechBudget {
        if (!(codesPerCharacter > 0 && codesPerCharacter <= 1000)) {
            throw new IllegalArgumentException("expected 0 to 1000 codes a character, got " + codesPerCharacter);
        }
        if (!(slackSeconds > 0 && slackSeconds <= 3600)) {
            throw new IllegalArgumentException("expected a slack of 0 to 3600 seconds, got " + slackSeconds);
        }
    }

    /** A wide one, for a model that was not measured: a fifth of a second a character, and ten seconds. */
    public static SpeechBudget wide(double codesPerSecond) {
        return new SpeechBudget(codesPerSecond / 5, 10);
    }
}
