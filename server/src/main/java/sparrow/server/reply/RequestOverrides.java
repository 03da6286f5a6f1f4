package sparrow.server.reply;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.sample.Sampling;
import sparrow.models.SpokenModel;

/**
 * A client's own values in place of the server's defaults.
 *
 * @param temperature of sampling; 0 is greedy
 * @param topP of sampling
 * @param seed of sampling and of the noise of the speech
 * @param newTokens most tokens of the reply, text and speech together
 * @param exit the exit plan
 */
public record RequestOverrides(
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalLong seed,
        OptionalInt newTokens,
        Optional<ExitPlan> exit) {
    /** Characters of an exit plan: room for every layer of a large model. */
    private static final int LONGEST_EXIT = 1000;

    /** Nothing in particular. */
    public static final RequestOverrides NONE = new RequestOverrides(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            Optional.empty());

    /** Another temperature alone; null for the defaults. */
    public static RequestOverrides ofTemperature(Double temperature) {
        if (temperature == null) return NONE;
        return new RequestOverrides(
                OptionalDouble.of(temperature), NONE.topP(), NONE.seed(), NONE.newTokens(), NONE.exit());
    }

    /**
     * The same with the exits of an object {@code sparrow: {exit}}; null is the server's own.
     *
     * @param sparrow the object; may be missing or null
     * @param param where it stands in the request
     * @throws RefusedException if a key is unknown or the exits are none
     */
    public RequestOverrides withExits(JsonNode sparrow, String param) {
        if (sparrow == null || sparrow.isNull() || sparrow.isMissingNode()) return this;
        if (!sparrow.isObject())
            throw RefusedException.value(param, param + ": expected an object, got " + Json.shown(sparrow));
        Optional<ExitPlan> plan = exit;
        for (String key : (Iterable<String>) sparrow::fieldNames) {
            if (!key.equals("exit")) {
                String unknown = param + "." + Json.brief(key);
                throw new RefusedException(
                        "unknown_parameter", unknown, unknown + ": unknown parameter; expected exit");
            }
            plan = read(param + "." + key, sparrow.get(key));
        }
        return new RequestOverrides(temperature, topP, seed, newTokens, plan);
    }

    /** The exits as that object has them; null where the server's own hold. */
    public Exits exits() {
        return new Exits(exit.map(Object::toString).orElse(null));
    }

    /** In the command line's notation. */
    public record Exits(String exit) {}

    private static Optional<ExitPlan> read(String param, JsonNode value) {
        if (value.isNull()) return Optional.empty();
        if (!value.isTextual() || value.textValue().length() > LONGEST_EXIT) {
            throw RefusedException.value(
                    param, param + ": expected exits such as even:6 or none, got " + Json.shown(value));
        }
        try {
            return Optional.of(ExitPlan.parse(value.textValue()));
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(param, e.getMessage());
        }
    }

    /**
     * The defaults with these overrides.
     *
     * @throws RefusedException if a value is out of range or the model cannot follow a policy
     */
    public GenerationConfig over(GenerationConfig defaults, SpokenModel model) {
        try {
            ExitPlan plan = exit.orElse(defaults.plan());
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
                    limits.withNewTokens(Math.min(newTokens.orElse(limits.newTokens()), limits.newTokens())));
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(null, e.getMessage());
        }
    }
}
