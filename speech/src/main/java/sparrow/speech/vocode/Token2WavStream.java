package sparrow.speech.vocode;

import java.util.Optional;
import java.util.function.Consumer;
import sparrow.speech.flow.dit.DitFlowSession;

/**
 * An utterance of {@link Token2Wav} whose codes arrive in blocks (Token2wav.stream). A chunk of 25 codes is synthesized
 * as soon as its look-ahead is complete, so the samples do not depend on the block boundaries.
 */
final class Token2WavStream implements SpeechStream {
    private final Token2Wav parts;
    private final Noise noise;
    private final Consumer<Synthesizer.Stage> entered;
    private final LookAheadChunks chunks;
    private final StreamingVocoder vocoder;
    private DitFlowSession flow;
    private boolean ended;

    Token2WavStream(Token2Wav parts, Noise noise, Consumer<Synthesizer.Stage> entered) {
        this.parts = parts;
        this.entered = entered;
        this.noise = noise;
        this.chunks = new LookAheadChunks(Token2Wav.CHUNK_CODES, parts.flow().lookahead());
        this.vocoder = new StreamingVocoder(parts.vocoder(), noise);
    }

    @Override
    public float[] accept(int[] block, boolean last) {
        if (ended) throw new IllegalStateException("the utterance has ended: expected no more codes");
        parts.flow().check(block);
        ended = last;
        chunks.add(block);
        float[] speech = {};
        for (Optional<int[]> chunk = chunks.next(); chunk.isPresent(); chunk = chunks.next()) {
            speech = Pieces.joined(speech, vocoded(mel(chunk.get(), false), false));
        }
        if (!last) return speech;
        int[] rest = chunks.rest();
        return rest.length == 0 ? speech : Pieces.joined(speech, vocoded(mel(rest, true), true));
    }

    /** Computes the mel frames of the next chunk, [frames, melBins]. */
    private float[] mel(int[] chunk, boolean last) {
        if (flow == null) {
            entered.accept(Synthesizer.Stage.VOICE);
            flow = parts.startedFlow(noise);
        }
        entered.accept(Synthesizer.Stage.FLOW);
        return flow.accept(chunk, last);
    }

    private float[] vocoded(float[] mel, boolean last) {
        entered.accept(Synthesizer.Stage.VOCODER);
        return vocoder.accept(mel, last);
    }
}
