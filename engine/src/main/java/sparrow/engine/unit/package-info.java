/**
 * The units of a model family. A {@link UnitFormat} says how a state becomes a unit ({@link OutputHead}) and how a unit becomes the
 * {@link Input} of the next position; it is all that the decode loop knows of a family. {@link TokenUnits} are tokens of one
 * vocabulary.
 */
package sparrow.engine.unit;
