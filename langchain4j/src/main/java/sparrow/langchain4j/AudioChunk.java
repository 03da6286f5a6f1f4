package sparrow.langchain4j;

import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/**
 * A piece of a reply's sound, passed to {@code StreamingChatResponseHandler.onUnmappedRawEvent} because LangChain4j has
 * no callback for sound yet. It follows the previous piece without a gap.
 *
 * @param samples mono samples in [-1, 1]; must not be modified
 * @param sampleRateHz the model's sample rate
 */
public record AudioChunk(float[] samples, int sampleRateHz) {
    /** Returns a 16-bit WAV file of this piece. */
    public byte[] wav() {
        return WavFile.bytes(new Waveform(samples, sampleRateHz), SampleFormat.PCM16);
    }

    /** Returns the length in seconds. */
    public double seconds() {
        return (double) samples.length / sampleRateHz;
    }
}
