package sparrow.study.compare;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import sparrow.engine.reply.Reply;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;
import sparrow.study.folder.FileDigest;
import sparrow.study.run.Decoding;
import sparrow.study.run.GenerationJob;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.Replies;
import sparrow.study.run.SpokenCodes;

/**
 * The first part of a comparison: each policy answers each question. A reply is vocoded at once, or in blocks if its
 * flow has a limited memory. The noise has a fixed seed, so that the same codes always produce the same audio.
 */
record SpokenReplyJob(List<PolicyCase> cases, Decoding decoding) implements GenerationJob<SpokenReplyJob.SpokenReply> {
    /** Maximum size of the audio cache for replies with equal codes, in bytes. */
    private static final long MAX_BYTES = Runtime.getRuntime().maxMemory() / 8;

    /**
     * A reply with its audio.
     *
     * @param wav a WAV file, or null if the reply contains no speech
     */
    record SpokenReply(KeptReply reply, byte[] wav) {
        SpokenReply {
            String digest = wav == null ? null : FileDigest.sha256(wav);
            if (!Objects.equals(
                    digest, reply.speech() == null ? null : reply.speech().sha256())) {
                throw new IllegalArgumentException("reply: its audio does not match its digest");
            }
        }
    }

    @Override
    public boolean besideDecoding() {
        return true;
    }

    @Override
    public Reader<SpokenReply> reader(SpokenModel model) {
        return new Vocoder(model, decoding.sampling().seed());
    }

    /** Synthesises the audio of replies. */
    private static final class Vocoder implements Reader<SpokenReply> {
        private final SpokenModel model;
        private final long noiseSeed;

        /**
         * Synthesised audio by codes. Different policies often produce equal codes, as do sets with a common question.
         */
        private final Map<List<Integer>, SpokenCodes> vocoded = new LinkedHashMap<>(16, 0.75f, true);

        private long bytes;

        Vocoder(SpokenModel model, long noiseSeed) {
            this.model = model;
            this.noiseSeed = noiseSeed;
        }

        @Override
        public SpokenReply read(int member, Prompt prompt, Reply reply) {
            int[] codes = Replies.codes(model, reply.units());
            String text = Replies.text(model, reply.units());
            if (codes.length == 0) {
                return new SpokenReply(KeptReply.of(reply, text, prompt.tokens().length, null), null);
            }
            SpokenCodes sound = spoken(codes);
            return new SpokenReply(KeptReply.of(reply, text, prompt.tokens().length, sound.speech()), sound.wav());
        }

        private SpokenCodes spoken(int[] codes) {
            List<Integer> key = Arrays.stream(codes).boxed().toList();
            SpokenCodes known = vocoded.get(key);
            if (known != null) return known;
            SpokenCodes made = SpokenCodes.of(model, codes, noiseSeed);
            vocoded.put(key, made);
            bytes += made.wav().length;
            // Evict the least recently used audio.
            Iterator<SpokenCodes> eldest = vocoded.values().iterator();
            while (bytes > MAX_BYTES && vocoded.size() > 1) {
                bytes -= eldest.next().wav().length;
                eldest.remove();
            }
            return made;
        }
    }
}
