package sparrow.server.reply;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.Verification;
import sparrow.engine.sample.Sampling;
import sparrow.models.SpokenModel;

/**
 * What a client wants otherwise than the server's defaults.
 *
 * @param temperature of sampling; 0 is greedy
 * @param topP of sampling
 * @param seed of sampling and of the noise of the speech
 * @param newTokens most tokens of the reply, text and speech together
 * @param speechExit exit policy of speech positions
 * @param textExit exit policy of text positions
 * @param verification what becomes of early tokens at full depth
 */
public record Wishes(
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalLong seed,
        OptionalInt newTokens,
        Optional<DepthPolicy> speechExit,
        Optional<DepthPolicy> textExit,
        Optional<Verification> verification) {
    private static final Notation<DepthPolicy> POLICY =
            new Notation<>("a policy such as even:6 or none", DepthPolicy::parse);
    private static final Notation<Verification> VERIFICATION =
            new Notation<>("a verification such as measure or exact", Verification::parse);

    /** Nothing in particular. */
    public static final Wishes NONE = new Wishes(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /**
     * The same with the exits of an object {@code sparrow: {speech_exit, text_exit, verification}}; null is the server's own.
     *
     * @param sparrow the object; may be missing or null
     * @param param where it stands in the request
     * @throws RefusedException if a key is unknown, a policy is not one or a verification is not one
     */
    public Wishes withExits(JsonNode sparrow, String param) {
        if (sparrow == null || sparrow.isNull() || sparrow.isMissingNode()) return this;
        if (!sparrow.isObject()) throw RefusedException.value(param, param + ": expected an object, got " + sparrow);
        Optional<DepthPolicy> speech = speechExit;
        Optional<DepthPolicy> text = textExit;
        Optional<Verification> fate = verification;
        for (String key : (Iterable<String>) sparrow::fieldNames) {
            switch (key) {
                case "speech_exit" -> speech = read(param + "." + key, sparrow.get(key), POLICY);
                case "text_exit" -> text = read(param + "." + key, sparrow.get(key), POLICY);
                case "verification" -> fate = read(param + "." + key, sparrow.get(key), VERIFICATION);
                default ->
                    throw new RefusedException(
                            "unknown_parameter",
                            param + "." + key,
                            param + ": expected the keys speech_exit, text_exit and verification, got " + key);
            }
        }
        return new Wishes(temperature, topP, seed, newTokens, speech, text, fate);
    }

    /** How a value is written, and what it is called. */
    private record Notation<T>(String example, Function<String, T> parse) {}

    private static <T> Optional<T> read(String param, JsonNode value, Notation<T> notation) {
        if (value.isNull()) return Optional.empty();
        if (!value.isTextual()) {
            throw RefusedException.value(param, param + ": expected " + notation.example() + ", got " + value);
        }
        try {
            return Optional.of(notation.parse().apply(value.textValue()));
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(param, e.getMessage());
        }
    }

    /**
     * The defaults with these wishes.
     *
     * @throws RefusedException if a value is out of range or the model cannot follow a policy
     */
    public GenerationConfig over(GenerationConfig defaults, SpokenModel model) {
        try {
            ExitPlan plan = defaults.plan()
                    .with(
                            textExit.orElse(defaults.plan().text()),
                            speechExit.orElse(defaults.plan().speech()),
                            verification);
            model.languageModel().check(plan);
            Sampling sampling = defaults.sampling();
            Limits limits = defaults.limits();
            return new GenerationConfig(
                    plan,
                    new Sampling(
                            temperature.orElse(sampling.temperature()),
                            sampling.topK(),
                            topP.orElse(sampling.topP()),
                            sampling.repetitionPenalty(),
                            seed.orElse(sampling.seed()),
                            new Sampling.Codes(
                                    temperature.orElse(sampling.codes().temperature()),
                                    sampling.codes().topK())),
                    limits.withNewTokens(Math.min(newTokens.orElse(limits.newTokens()), limits.newTokens())),
                    defaults.speechLogits());
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(null, e.getMessage());
        }
    }
}
