/** Everything that asks how good a model with early exit is: training, data sets, measures, experiments, reports. */
package sparrow.study;
