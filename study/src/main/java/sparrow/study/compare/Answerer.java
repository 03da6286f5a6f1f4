package sparrow.study.compare;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.reply.Reply;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.run.Answering;
import sparrow.study.run.BadParcelException;
import sparrow.study.run.CaseSettings;
import sparrow.study.run.Decoding;
import sparrow.study.run.FileDigest;
import sparrow.study.run.Form;
import sparrow.study.run.KeptReply;
import sparrow.study.run.Parcel;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.Replies;
import sparrow.study.run.WorkKind;

/**
 * The first part of a comparison: every policy answers every question. Every reply is vocoded whole, or
 * in blocks where a flow forgets, with the noise of the same seed: the same codes give the same sound, whatever came before.
 */
record Answerer(List<PolicyCase> cases, Decoding decoding) implements Answering<Answerer.SpokenReply> {
    private static final String KIND = "answer";

    private record Settings(List<CaseSettings> cases, Decoding decoding) {}

    /** For workers elsewhere. */
    public static final class Kind implements WorkKind {
        @Override
        public String name() {
            return KIND;
        }

        @Override
        public Answerer work(Parcel parcel) {
            Settings settings = parcel.read(Settings.class);
            return new Answerer(
                    settings.cases().stream().map(CaseSettings::policyCase).toList(), settings.decoding());
        }
    }

    /**
     * A reply with its sound.
     *
     * @param wav a WAV file; null where nothing was said
     */
    record SpokenReply(KeptReply reply, byte[] wav) {}

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Parcel settings() {
        return Parcel.of(new Settings(CaseSettings.of(cases), decoding));
    }

    @Override
    public Form<SpokenReply> findings() {
        return Form.of(Answerer::pack, Answerer::unpack);
    }

    private static Parcel pack(SpokenReply found) {
        return found.wav() == null ? Parcel.of(found.reply()) : Parcel.of(found.reply(), found.wav());
    }

    private static SpokenReply unpack(Parcel parcel) {
        KeptReply reply = parcel.read(KeptReply.class);
        if (reply.speech() == null) return new SpokenReply(reply, null);
        byte[] wav = parcel.attachment(0);
        if (FileDigest.sha256(wav).equals(reply.speech().sha256())) return new SpokenReply(reply, wav);
        throw new BadParcelException("reply: its sound is not what was made");
    }

    @Override
    public boolean besideDecoding() {
        return true;
    }

    @Override
    public Finder<SpokenReply> finder(SpokenModel model) {
        return new Vocoder(model, decoding.sampling().seed());
    }

    /** Makes sound of the replies of one batch. */
    private static final class Vocoder implements Finder<SpokenReply> {
        private final SpokenModel model;
        private final long noiseSeed;

        /** Policies often give the same codes, which need not become sound again. */
        private final Map<Utterance, Sound> vocoded = new HashMap<>();

        private record Utterance(int member, List<Integer> codes) {}

        private record Sound(byte[] wav, KeptReply.Speech speech) {}

        Vocoder(SpokenModel model, long noiseSeed) {
            this.model = model;
            this.noiseSeed = noiseSeed;
        }

        @Override
        public SpokenReply find(int member, Prompt prompt, Reply reply) {
            int[] codes = model.languageModel().tokens().codes(reply.tokens());
            Sound sound = codes.length == 0
                    ? new Sound(null, null)
                    : vocoded.computeIfAbsent(
                            new Utterance(member, Arrays.stream(codes).boxed().toList()), _ -> vocode(codes));
            String text = Replies.text(model, reply.tokens());
            return new SpokenReply(KeptReply.of(reply, text, prompt.tokens().length, sound.speech()), sound.wav());
        }

        private Sound vocode(int[] codes) {
            Synthesizer synthesizer = model.synthesizer();
            Noise noise = Noise.seeded(noiseSeed);
            float[] samples = model.flow().forgets()
                    ? synthesizer.synthesizeInBlocks(codes, noise)
                    : synthesizer.synthesize(codes, noise);
            Waveform speech = new Waveform(samples, synthesizer.sampleRateHz());
            byte[] wav = WavFile.bytes(speech, SampleFormat.PCM16);
            return new Sound(wav, new KeptReply.Speech(FileDigest.sha256(wav), speech.seconds()));
        }
    }
}
