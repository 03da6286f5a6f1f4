package sparrow.study.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.models.Question;
import sparrow.speech.wave.Waveform;

/**
 * How a batch travels: recordings are attachments, samples in little-endian f32.
 *
 * @param cases of the work, which know each other by their places
 */
record BatchForm(List<PolicyCase> cases) implements Form<Batch> {
    private record BatchJson(int number, List<AskedJson> questions, List<WantedJson> wanted) {}

    /**
     * A question.
     *
     * @param stream null where it follows from the prompt
     * @param spoken attachment with the samples; null for a question that is not a recording
     * @param sampleRateHz of the samples
     * @param codes null for a question that is not encoded
     * @param seconds of the codes
     * @param typed null for a question that is not a text
     */
    private record AskedJson(
            int member, Long stream, Integer spoken, int sampleRateHz, int[] codes, double seconds, String typed) {}

    /**
     * Members of which something is wanted.
     *
     * @param by place of the case in the work's list
     */
    private record WantedJson(int by, List<Integer> members) {}

    @Override
    public Parcel pack(Batch batch) {
        List<byte[]> samples = new ArrayList<>();
        List<AskedJson> questions = new ArrayList<>();
        for (Asked asked : batch.questions()) questions.add(json(asked, samples));
        List<WantedJson> wanted = new ArrayList<>();
        batch.wanted().forEach((by, members) -> wanted.add(new WantedJson(cases.indexOf(by), List.copyOf(members))));
        return new Parcel(RunJson.text(new BatchJson(batch.number(), questions, wanted)), samples);
    }

    private static AskedJson json(Asked asked, List<byte[]> samples) {
        Long stream = asked.stream().isPresent() ? asked.stream().getAsLong() : null;
        return switch (asked.question()) {
            case Question.Spoken(Waveform waveform) -> {
                samples.add(bytes(waveform.samples()));
                yield new AskedJson(asked.member(), stream, samples.size() - 1, waveform.sampleRateHz(), null, 0, null);
            }
            case Question.Codes codes ->
                new AskedJson(asked.member(), stream, null, 0, codes.codes(), codes.seconds(), null);
            case Question.Typed(String text) -> new AskedJson(asked.member(), stream, null, 0, null, 0, text);
            case Question.Embeddings vectors ->
                throw new IllegalArgumentException("question: expected a recording, codes or a text, got vectors");
        };
    }

    private static byte[] bytes(float[] samples) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, samples.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(samples);
        return bytes.array();
    }

    @Override
    public Batch unpack(Parcel parcel) {
        BatchJson json = parcel.read(BatchJson.class);
        if (json.questions() == null || json.wanted() == null) throw damaged("questions and wanted");
        List<Asked> questions = new ArrayList<>();
        for (AskedJson asked : json.questions()) questions.add(asked(asked, parcel));
        SequencedMap<PolicyCase, SortedSet<Integer>> wanted = new LinkedHashMap<>();
        for (WantedJson some : json.wanted()) {
            if (some.by() < 0 || some.by() >= cases.size() || some.members() == null) {
                throw damaged("a case from 0 to " + (cases.size() - 1) + " and its members");
            }
            wanted.put(cases.get(some.by()), new TreeSet<>(some.members()));
        }
        return new Batch(json.number(), questions, wanted);
    }

    private static Asked asked(AskedJson json, Parcel parcel) {
        OptionalLong stream = json.stream() == null ? OptionalLong.empty() : OptionalLong.of(json.stream());
        try {
            return new Asked(json.member(), question(json, parcel), stream);
        } catch (BadParcelException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new BadParcelException("batch: " + e.getMessage());
        }
    }

    private static Question question(AskedJson json, Parcel parcel) {
        if (json.codes() != null) return new Question.Codes(json.codes(), json.seconds());
        if (json.typed() != null) return new Question.Typed(json.typed());
        if (json.spoken() == null) throw damaged("a recording, codes or a text");
        byte[] bytes = parcel.attachment(json.spoken());
        float[] samples = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(samples);
        return new Question.Spoken(new Waveform(samples, json.sampleRateHz()));
    }

    private static BadParcelException damaged(String expected) {
        return new BadParcelException("batch: expected " + expected);
    }
}
