package sparrow.study.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The first place in which two settings differ.
 *
 * @param place the path to it: {@code sampling.temperature}, {@code layers[3]}
 * @param before the value with which a run was begun
 * @param now the value with which it is to be resumed
 */
record SettingsDifference(String place, String before, String now) {
    private static final int SHOWN = 80;

    /** The first difference, in the order of the earlier settings; {@link MixedNumerics} is the rule for numerics. */
    static Optional<SettingsDifference> first(JsonNode before, JsonNode now) {
        return first("", before, now);
    }

    private static Optional<SettingsDifference> first(String place, JsonNode before, JsonNode now) {
        if (before.isObject() && now.isObject()) return inObjects(place, before, now);
        if (before.isArray() && now.isArray()) return inArrays(place, before, now);
        // As text: a number that was read is of another class than the one that was written.
        if (before.toString().equals(now.toString())) return Optional.empty();
        return Optional.of(new SettingsDifference(place, shown(before), shown(now)));
    }

    private static Optional<SettingsDifference> inObjects(String place, JsonNode before, JsonNode now) {
        Set<String> keys = new LinkedHashSet<>();
        for (Map.Entry<String, JsonNode> entry : before.properties()) keys.add(entry.getKey());
        for (Map.Entry<String, JsonNode> entry : now.properties()) keys.add(entry.getKey());
        for (String key : keys) {
            // A comparison used to keep its rows, which may change.
            if (place.isEmpty() && (key.equals(NumericsFingerprints.KEY) || key.equals("rows"))) continue;
            String inside = place.isEmpty() ? key : place + "." + key;
            Optional<SettingsDifference> found = first(inside, before.path(key), now.path(key));
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private static Optional<SettingsDifference> inArrays(String place, JsonNode before, JsonNode now) {
        for (int i = 0; i < Math.max(before.size(), now.size()); i++) {
            Optional<SettingsDifference> found = first(place + "[" + i + "]", before.path(i), now.path(i));
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private static String shown(JsonNode value) {
        if (value.isMissingNode()) return "none";
        String text = value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    /** For a refusal. */
    String inWords() {
        return "this run was begun with " + before + ", expected the same, got " + now
                + "; other settings belong into another folder";
    }
}
