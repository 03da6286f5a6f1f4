package sparrow.models;

/**
 * A question that a model is known to answer, for people who do not know what to ask.
 *
 * @param text its words
 * @param recording a WAV file of somebody saying it; not to be changed
 */
public record SampleQuestion(String text, byte[] recording) {}
