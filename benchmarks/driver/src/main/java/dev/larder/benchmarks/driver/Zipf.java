package dev.larder.benchmarks.driver;

import java.util.Arrays;

/** Zipf's law with s = 1: the nth of {@code size} is drawn 1/n times as often as the first. */
final class Zipf {
  /** How likely it is to draw this rank or one before it. */
  private final double[] cumulative;

  Zipf(int size) {
    cumulative = new double[size];
    double sum = 0;
    for (int rank = 0; rank < size; rank++) {
      sum += 1.0 / (rank + 1);
      cumulative[rank] = sum;
    }
    for (int rank = 0; rank < size; rank++) {
      cumulative[rank] /= sum;
    }
  }

  /** The rank, from 0, that belongs to a number drawn evenly from [0, 1). */
  int rank(double drawn) {
    int found = Arrays.binarySearch(cumulative, drawn);
    return found >= 0 ? found + 1 : -found - 1;
  }
}
