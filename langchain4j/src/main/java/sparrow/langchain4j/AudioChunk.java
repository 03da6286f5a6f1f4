package sparrow.langchain4j;

import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/**
 * A piece of a reply's sound, given to {@code StreamingChatResponseHandler.onUnmappedRawEvent}: LangChain4j has no call for
 * sound yet. It follows the pieces given before without a gap.
 *
 * @param samples mono within [-1, 1]; not to be changed
 * @param sampleRateHz the model's own rate
 */
public record AudioChunk(float[] samples, int sampleRateHz) {
    /** Returns a WAV file of this piece alone, 16 bit. */
    public byte[] wav() {
        return WavFile.bytes(new Waveform(samples, sampleRateHz), SampleFormat.PCM16);
    }

    /** Length in seconds. */
    public double seconds() {
        return (double) samples.length / sampleRateHz;
    }
}
