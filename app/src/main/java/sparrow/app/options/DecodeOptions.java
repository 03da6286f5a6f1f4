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

/** Options for early exits, sampling and the end of a reply. A picocli mixin. */
public final class DecodeOptions {
    @Option(
            names = "--exit",
            paramLabel = "EXIT",
            converter = ExitConverter.class,
            description = "Which tokens exit early: even:36, speculate:3, triple:22+verify, "
                    + "text=none,speech=conf:22:0.5, none, or a .json file written by study tune "
                    + "(docs/commands.md#exits). Default: the model's.")
    private Exit exit = new Exit.Own();

    @Mixin
    private TokenOptions tokenOptions;

    /** The value of {@code --exit}. */
    private sealed interface Exit {
        /** The plan that the model recommends. */
        record Own() implements Exit {}

        record Given(ExitPlan plan) implements Exit {}

        /** A file written by {@code study tune}. It is read when the command runs. */
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
     * Returns the exit plan.
     *
     * @throws IllegalArgumentException if an exit file is invalid or was tuned for another model
     * @throws IOException if the file cannot be read
     */
    public ExitPlan plan(SpokenModel model) throws IOException {
        return switch (exit) {
            case Exit.Own() -> model.defaultPlan();
            case Exit.Given(ExitPlan plan) -> plan;
            case Exit.Chosen(Path file) ->
                PolicyFile.read(file).planFor(model.languageModel().transformer());
        };
    }

    /** Returns a one-line warning about the use of an exit file with this model, or empty if no warning is needed. */
    public Optional<String> caution(SpokenModel model) throws IOException {
        return exit instanceof Exit.Chosen(Path file) ? PolicyFile.read(file).warning(model) : Optional.empty();
    }

    /** Returns the sampling options, with the model's defaults for options that were not given. */
    public Sampling sampling(SpokenModel model) {
        return tokenOptions.sampling(model);
    }

    /** Returns the generation settings. */
    public GenerationConfig config(SpokenModel model) throws IOException {
        return new GenerationConfig(plan(model), sampling(model), tokenOptions.limits(model, true));
    }
}
