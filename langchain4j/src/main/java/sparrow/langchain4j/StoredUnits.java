package sparrow.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.interleave.Unit;
import sparrow.formats.text.TextStream;
import sparrow.models.SpokenModel;

/**
 * Stores a reply's units in an attribute of its message. The next turn then continues the exact reply, including its
 * audio, and can reuse its keys and values.
 */
final class StoredUnits {
    /**
     * Name of the attribute. Its value is a list that can be stored as JSON, with a number for each token and a list of
     * numbers for each frame.
     */
    static final String UNITS_KEY = "sparrow_reply_units";

    private StoredUnits() {}

    /** Returns the attribute's value for a reply. */
    static List<Object> of(List<Unit> units) {
        return units.stream()
                .<Object>map(unit -> switch (unit) {
                    case Unit.Token(int id) -> id;
                    case Unit.Frame(List<Integer> codes) -> codes;
                })
                .toList();
    }

    /**
     * Returns a message's units. If the stored units are invalid for this model or do not match the message's text, the
     * text is converted to units instead. This happens for edited messages and for replies of other models.
     */
    static List<Unit> units(SpokenModel model, AiMessage message) {
        String text = message.text() == null ? "" : message.text();
        if (message.attributes().get(UNITS_KEY) instanceof List<?> stored) {
            Optional<List<Unit>> units = units(model, stored);
            if (units.isPresent() && text(model, units.get()).equals(text)) return units.get();
        }
        return model.replyUnits(text);
    }

    /** Returns the stored units, or empty if one of the units is invalid for this model. */
    private static Optional<List<Unit>> units(SpokenModel model, List<?> stored) {
        List<Unit> units = new ArrayList<>();
        try {
            for (Object value : stored) {
                Unit unit = value instanceof List<?> codes
                        ? new Unit.Frame(codes.stream().map(StoredUnits::number).toList())
                        : new Unit.Token(number(value));
                model.languageModel().units().input(unit);
                units.add(unit);
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
        return Optional.of(units);
    }

    private static int number(Object value) {
        if (value instanceof Number number) return Math.toIntExact(number.longValue());
        throw new IllegalArgumentException("expected a number, got " + value);
    }

    private static String text(SpokenModel model, List<Unit> units) {
        TextStream stream = model.textStream();
        StringBuilder text = new StringBuilder();
        for (Unit unit : units) {
            model.languageModel().units().text(unit).ifPresent(id -> text.append(stream.accept(id)));
        }
        return text.append(stream.finish()).toString();
    }
}
