package dev.larder.benchmarks;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.larder.benchmarks", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule PACKAGES_FORM_NO_CYCLE =
      slices().matching("dev.larder.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule BENCHES_DO_NOT_KNOW_ONE_ANOTHER =
      slices().matching("dev.larder.benchmarks.(rest|port)..").should().notDependOnEachOther();
}
