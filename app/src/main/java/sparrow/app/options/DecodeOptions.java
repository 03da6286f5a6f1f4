package sparrow.app.options;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.models.PolicyFile;
import sparrow.models.SpokenModel;

/** Options of the depth of positions, the choice of tokens and the end of a reply; a picocli mixin. */
public final class DecodeOptions {
    @Option(
            names = "--exit",
            paramLabel = "EXIT",
            converter = ExitConverter.class,
            description = "Which tokens exit early: even:36, speculate:3, triple:22+verify,"
                    + " text=none,speech=conf:22:0.5, none, or a .json file of study tune"
                    + " (docs/commands.md#exits). Default: the model's own.")
    private Exit exit = new Exit.Own();

    @Mixin
    private TokenOptions tokenOptions;

    /** The value of {@code --exit}. */
    private sealed interface Exit {
        /** The model's own plan. */
        record Own() implements Exit {}

        record Given(ExitPlan plan) implements Exit {}

        /** A file of {@code study tune}, which is read where the command runs. */
        record Chosen(Path file) implements Exit {}
    }

    private static final class ExitConverter implements ITypeConverter<Exit> {
        @Override
        public Exit convert(String text) {
            try {
                return text.toLowerCase(Locale.ROOT).endsWith(".json")
                        ? new Exit.Chosen(Path.of(text))
                        : new Exit.Given(ExitPlan.parse(text));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /**
     * The exit plan.
     *
     * @throws IllegalArgumentException in one line if a file of exits is none, or was chosen for another model
     * @throws IOException if it cannot be read
     */
    public ExitPlan plan(SpokenModel model) throws IOException {
        return switch (exit) {
            case Exit.Own() -> model.defaultPlan();
            case Exit.Given(ExitPlan plan) -> plan;
            case Exit.Chosen(Path file) ->
                PolicyFile.read(file).planFor(model.languageModel().transformer());
        };
    }

    /** A caution in one line about a file of exits with this model; empty if there is none. */
    public Optional<String> caution(SpokenModel model) throws IOException {
        return exit instanceof Exit.Chosen(Path file) ? PolicyFile.read(file).warning(model) : Optional.empty();
    }

    /** The sampling, with the model's own values for options that were not given. */
    public Sampling sampling(SpokenModel model) {
        return tokenOptions.sampling(model);
    }

    /** The configuration of generation. */
    public GenerationConfig config(SpokenModel model) throws IOException {
        return new GenerationConfig(plan(model), sampling(model), tokenOptions.limits(model, true));
    }
}
